"""What pages share: the scenario on screen, inputs, charts, blocks and the look."""
