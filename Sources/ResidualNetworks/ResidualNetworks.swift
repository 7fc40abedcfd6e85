// ResidualNetworks
