# The only clock, for estimate.tcl: 100 MHz. NOT RUN, see README.md.
# In build.tcl the clock comes from the processing system, whose own constraints describe it, and there are no pins:
# everything that leaves the chip belongs to the processing system.
create_clock -name aclk -period 10.000 [get_ports aclk]
