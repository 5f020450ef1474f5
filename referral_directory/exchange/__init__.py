"""In and out: tables, workbooks and HSDS, read into a plan and written for others."""
