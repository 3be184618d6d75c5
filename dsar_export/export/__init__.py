"""One stage a file, in the order the data goes; `pipeline` states that order once."""
