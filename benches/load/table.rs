//! The results, as a Markdown table.

/// The median; of an even number of values the mean of the middle two.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.as_slice() {
        [] => f64::NAN,
        sorted if sorted.len() % 2 == 1 => sorted[middle],
        sorted => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// One measurement.
pub(crate) struct Row {
    name: String,
    value: String,
    baseline: String,
    ratio: String,
    target: String,
    is_met: Option<bool>,
}

impl Row {
    /// A measurement of several rounds and the baseline of the same rounds. `min_ratio` is the target.
    pub(crate) fn against(
        name: &str,
        values: &[f64],
        baseline_name: &str,
        baseline: &[f64],
        min_ratio: Option<f64>,
    ) -> Row {
        let ratios: Vec<_> = values.iter().zip(baseline).map(|(value, base)| value / base).collect();
        let ratio = median(&ratios);
        let lowest = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = ratios.iter().copied().fold(0.0, f64::max);
        Row {
            name: name.to_owned(),
            value: format_number(median(values)),
            baseline: format!("{} ({baseline_name})", format_number(median(baseline))),
            ratio: format!("{:.0} % ({:.0} to {:.0})", ratio * 100.0, lowest * 100.0, highest * 100.0),
            target: min_ratio.map_or(String::new(), |min| format!("at least {:.0} %", min * 100.0)),
            is_met: min_ratio.map(|min| ratio >= min),
        }
    }

    /// A measurement that must stay under a limit.
    pub(crate) fn at_most(name: &str, value: f64, unit: &str, max: f64) -> Row {
        Row { target: format!("under {max} {unit}"), is_met: Some(value < max), ..Row::alone(name, value, unit) }
    }

    /// A measurement that must reach a limit.
    #[allow(dead_code, reason = "used by the benchmark `scale`")]
    pub(crate) fn at_least(name: &str, value: f64, unit: &str, min: f64) -> Row {
        Row { target: format!("at least {min} {unit}"), is_met: Some(value >= min), ..Row::alone(name, value, unit) }
    }

    /// A measurement on more data and the baseline on less. It must be at most `max_ratio` times the baseline, and under `max`.
    #[allow(dead_code, reason = "used by the benchmark `scale`")]
    pub(crate) fn no_slower(
        name: &str,
        values: &[f64],
        baseline_name: &str,
        baseline: &[f64],
        max_ratio: f64,
        max: f64,
    ) -> Row {
        let row = Row::against(name, values, baseline_name, baseline, None);
        let ratio = median(&values.iter().zip(baseline).map(|(value, base)| value / base).collect::<Vec<_>>());
        let is_met = ratio <= max_ratio && median(values) < max;
        Row { target: format!("at most {:.0} %, under {max}", max_ratio * 100.0), is_met: Some(is_met), ..row }
    }

    /// A measurement without baseline and target.
    pub(crate) fn alone(name: &str, value: f64, unit: &str) -> Row {
        let [baseline, ratio, target] = [const { String::new() }; 3];
        Row {
            name: name.to_owned(),
            value: format!("{} {unit}", format_number(value)),
            baseline,
            ratio,
            target,
            is_met: None,
        }
    }
}

#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

impl Table {
    pub(crate) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(crate) fn print(&self) {
        println!("| Measurement | Value | Baseline | Ratio, median (range) | Target | Met |");
        println!("|---|---:|---:|---:|---|---|");
        for Row { name, value, baseline, ratio, target, is_met } in &self.rows {
            let met = is_met.map_or("", |is_met| if is_met { "yes" } else { "**no**" });
            println!("| {name} | {value} | {baseline} | {ratio} | {target} | {met} |");
        }
    }
}

/// Rounds to three significant digits.
fn format_number(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
