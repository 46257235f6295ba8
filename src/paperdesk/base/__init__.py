"""What everything else is said in: ids, units, instants, refusals."""
