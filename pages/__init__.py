"""Everything on screen: one file a page, each a short list of blocks; what pages share is in pages/parts."""
