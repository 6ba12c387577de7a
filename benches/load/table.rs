//! The figures, as a table in Markdown.

/// The middle one; of an even number the mean of the two.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.as_slice() {
        [] => f64::NAN,
        sorted if sorted.len() % 2 == 1 => sorted[middle],
        sorted => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// One figure.
pub struct Row {
    what: String,
    value: String,
    baseline: String,
    ratio: String,
    target: String,
    met: Option<bool>,
}

impl Row {
    /// A figure of several rounds beside that of the same rounds of something simpler.
    pub fn against(what: &str, values: &[f64], name: &str, baseline: &[f64], at_least: Option<f64>) -> Row {
        let ratios: Vec<_> = values.iter().zip(baseline).map(|(value, base)| value / base).collect();
        let ratio = median(&ratios);
        let lowest = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = ratios.iter().copied().fold(0.0, f64::max);
        Row {
            what: what.to_owned(),
            value: number(median(values)),
            baseline: format!("{} ({name})", number(median(baseline))),
            ratio: format!("{:.0} % ({:.0} to {:.0})", ratio * 100.0, lowest * 100.0, highest * 100.0),
            target: at_least.map_or(String::new(), |least| format!("at least {:.0} %", least * 100.0)),
            met: at_least.map(|least| ratio >= least),
        }
    }

    /// A figure that must stay under a limit.
    pub fn at_most(what: &str, value: f64, unit: &str, most: f64) -> Row {
        Row { target: format!("under {most} {unit}"), met: Some(value < most), ..Row::alone(what, value, unit) }
    }

    /// A figure that must reach a limit.
    #[allow(dead_code, reason = "for the program of the many tickets")]
    pub fn at_least(what: &str, value: f64, unit: &str, least: f64) -> Row {
        Row { target: format!("at least {least} {unit}"), met: Some(value >= least), ..Row::alone(what, value, unit) }
    }

    /// A figure beside that of something smaller: it must not be so many times as much, and under a limit.
    #[allow(dead_code, reason = "for the program of the many tickets")]
    pub fn no_slower(what: &str, values: &[f64], name: &str, baseline: &[f64], times: f64, most: f64) -> Row {
        let row = Row::against(what, values, name, baseline, None);
        let ratio = median(&values.iter().zip(baseline).map(|(value, base)| value / base).collect::<Vec<_>>());
        let met = ratio <= times && median(values) < most;
        Row { target: format!("at most {:.0} %, under {most}", times * 100.0), met: Some(met), ..row }
    }

    pub fn alone(what: &str, value: f64, unit: &str) -> Row {
        let [baseline, ratio, target] = [const { String::new() }; 3];
        Row { what: what.to_owned(), value: format!("{} {unit}", number(value)), baseline, ratio, target, met: None }
    }
}

#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    pub fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub fn print(&self) {
        println!("| what | value | measured against | ratio, median (range) | target | met |");
        println!("|---|---:|---:|---:|---|---|");
        for Row { what, value, baseline, ratio, target, met } in &self.rows {
            let met = met.map_or("", |met| if met { "yes" } else { "**no**" });
            println!("| {what} | {value} | {baseline} | {ratio} | {target} | {met} |");
        }
    }
}

/// Three digits that matter.
fn number(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
