"""Who the person is to the sources: from verified identifiers to every identifier, over declared links only."""
