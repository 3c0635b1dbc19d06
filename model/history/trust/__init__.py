"""What a measured company and a plan are worth: `backtest` against what happened since, `variance` of plan and actuals."""
