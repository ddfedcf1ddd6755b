# Area and clock of the core by itself, placed and routed without the processing system (out of context).
#
# NOT RUN: no Vivado was at hand where this was written. See README.md.
#
#   vivado -mode batch -source estimate.tcl -tclargs spikevec_axi.v OUTPUT_FOLDER

if {[llength $argv] != 2} {
    error "usage: vivado -mode batch -source estimate.tcl -tclargs spikevec_axi.v OUTPUT_FOLDER"
}
set verilog [file normalize [lindex $argv 0]]
set output [file normalize [lindex $argv 1]]
file mkdir $output

read_verilog $verilog
read_xdc [file join [file dirname [file normalize [info script]]] clock.xdc]
synth_design -top spikevec_axi -part xck26-sfvc784-2LV-c -mode out_of_context
opt_design
place_design
phys_opt_design
route_design
report_utilization -hierarchical -file $output/utilization.txt
report_timing_summary -file $output/timing.txt
write_checkpoint -force $output/spikevec_axi.dcp
