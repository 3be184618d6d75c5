"""What staff do by forms; a file for each kind of deed."""
