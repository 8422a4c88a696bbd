"""Step 4: sentence features and the text-safety head with calibrated thresholds."""
