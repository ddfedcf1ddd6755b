# A bitstream for the Kria KV260: the core between the ports of the processing system (PS).
#
# NOT RUN: no Vivado was at hand where this was written, and no board. See README.md.
#
#   vivado -mode batch -source build.tcl -tclargs spikevec_axi.v OUTPUT_FOLDER [MHZ]
#
#   PS M_AXI_HPM0_FPD --> smartconnect --> s_axi  spikevec_axi  m_axi --> smartconnect --> PS S_AXI_HP0_FPD (DDR)
#   PS pl_clk0, pl_resetn0 --> proc_sys_reset --> everything

if {[llength $argv] < 2 || [llength $argv] > 3} {
    error "usage: vivado -mode batch -source build.tcl -tclargs spikevec_axi.v OUTPUT_FOLDER ?MHZ?"
}
set verilog [file normalize [lindex $argv 0]]
set output [file normalize [lindex $argv 1]]
set megahertz 100
if {[llength $argv] == 3} {
    set megahertz [lindex $argv 2]
}
if {![file isfile $verilog]} {
    error "$verilog: no such file; write it with `spikevec hdl --for axi --vector-memory ultra -o $verilog`"
}

# Where the PS sees the registers, in the 4 KiB that docs/axi.md describes.
set registers 0x00A0000000

set part xck26-sfvc784-2LV-c
create_project -force -part $part spikevec_kv260 $output
# The version of the board's files differs between releases of Vivado.
set board [lindex [get_board_parts -latest_file_version {xilinx.com:kv260_som:*}] 0]
if {$board eq ""} {
    error "Vivado has no board files of the KV260 (xilinx.com:kv260_som): install them, since the PS takes its DDR settings from them"
}
set_property board_part $board [current_project]
set_property target_language Verilog [current_project]
add_files -norecurse $verilog
update_compile_order -fileset sources_1

create_bd_design system

# The PS with what the board says of DDR and MIO; one port each way, one clock.
set ps [create_bd_cell -type ip -vlnv xilinx.com:ip:zynq_ultra_ps_e ps]
apply_bd_automation -rule xilinx.com:bd_rule:zynq_ultra_ps_e -config {apply_board_preset "1"} $ps
set_property -dict [list \
    CONFIG.PSU__USE__M_AXI_GP0 {1} \
    CONFIG.PSU__USE__M_AXI_GP1 {0} \
    CONFIG.PSU__USE__M_AXI_GP2 {0} \
    CONFIG.PSU__USE__S_AXI_GP2 {1} \
    CONFIG.PSU__SAXIGP2__DATA_WIDTH {128} \
    CONFIG.PSU__FPGA_PL0_ENABLE {1} \
    CONFIG.PSU__CRL_APB__PL0_REF_CTRL__FREQMHZ $megahertz \
] $ps

# The core. Its interfaces are inferred from the names of its ports.
set core [create_bd_cell -type module -reference spikevec_axi core]

set reset [create_bd_cell -type ip -vlnv xilinx.com:ip:proc_sys_reset reset]
set host [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect host]
set memory [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect memory]
foreach bus [list $host $memory] {
    set_property -dict [list CONFIG.NUM_SI {1} CONFIG.NUM_MI {1} CONFIG.NUM_CLKS {1}] $bus
}

connect_bd_net [get_bd_pins ps/pl_clk0] \
    [get_bd_pins ps/maxihpm0_fpd_aclk] \
    [get_bd_pins ps/saxihp0_fpd_aclk] \
    [get_bd_pins reset/slowest_sync_clk] \
    [get_bd_pins host/aclk] \
    [get_bd_pins memory/aclk] \
    [get_bd_pins core/aclk]
connect_bd_net [get_bd_pins ps/pl_resetn0] [get_bd_pins reset/ext_reset_in]
connect_bd_net [get_bd_pins reset/peripheral_aresetn] \
    [get_bd_pins host/aresetn] \
    [get_bd_pins memory/aresetn] \
    [get_bd_pins core/aresetn]

connect_bd_intf_net [get_bd_intf_pins ps/M_AXI_HPM0_FPD] [get_bd_intf_pins host/S00_AXI]
connect_bd_intf_net [get_bd_intf_pins host/M00_AXI] [get_bd_intf_pins core/s_axi]
connect_bd_intf_net [get_bd_intf_pins core/m_axi] [get_bd_intf_pins memory/S00_AXI]
connect_bd_intf_net [get_bd_intf_pins memory/M00_AXI] [get_bd_intf_pins ps/S_AXI_HP0_FPD]

# The registers at a fixed place; all of DDR for DMA, at the addresses that the PS has for it. On-chip memory and
# flash, which the port reaches too, are left out.
assign_bd_address -offset $registers -range 4K \
    -target_address_space [get_bd_addr_spaces ps/Data] [get_bd_addr_segs core/s_axi/reg0]
foreach segment {HP0_DDR_LOW HP0_DDR_HIGH} {
    set found [get_bd_addr_segs -quiet ps/SAXIGP2/$segment]
    if {$found ne ""} {
        assign_bd_address -target_address_space [get_bd_addr_spaces core/m_axi] $found
    }
}

validate_bd_design
save_bd_design
set design [get_files system.bd]
generate_target all $design
add_files -norecurse [make_wrapper -files $design -top]
set_property top system_wrapper [current_fileset]
update_compile_order -fileset sources_1

launch_runs impl_1 -to_step write_bitstream -jobs 4
wait_on_run impl_1
if {[get_property PROGRESS [get_runs impl_1]] ne "100%"} {
    error "the implementation failed: [get_property STATUS [get_runs impl_1]]"
}
open_run impl_1
report_utilization -hierarchical -file $output/utilization.txt
report_timing_summary -file $output/timing.txt
set slack [get_property STATS.WNS [get_runs impl_1]]
if {$slack < 0} {
    error "$megahertz MHz is missed by $slack ns: see $output/timing.txt and choose a lower clock"
}
write_hw_platform -fixed -include_bit -force $output/spikevec_kv260.xsa
puts "bitstream and hardware description: $output/spikevec_kv260.xsa"
