//! Random texts for tests, the same in every run.

/// A small generator of numbers, with its state, which is not 0.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    pub(super) fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.roll(from.len())]
    }

    pub(super) fn text(&mut self, parts: &[&str], longest: usize) -> String {
        let number = self.roll(longest + 1);
        (0..number).map(|_| self.pick(parts)).collect()
    }
}
