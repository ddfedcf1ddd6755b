//! Expressions and conditions, from what binds least to what binds most.

use super::parser::{Lost, Parsed, Parser};
use super::syntax::{At, Binary, Relation, Syntax};
use super::token::Token;

/// Tokens of an expression at most, so that what reads it does not fill the stack.
const LENGTH: usize = 1000;

impl Parser<'_> {
    /// An expression that stands in no other.
    pub(super) fn whole_expression(&mut self) -> Parsed<At<Syntax>> {
        self.limit = self.at + LENGTH;
        self.expression()
    }

    fn expression(&mut self) -> Parsed<At<Syntax>> {
        self.deeper(Self::either)
    }

    fn either(&mut self) -> Parsed<At<Syntax>> {
        let mut left = self.both()?;
        while self.word("or") {
            let right = self.both()?;
            left = pair(Syntax::Or, left, right);
        }
        Ok(left)
    }

    fn both(&mut self) -> Parsed<At<Syntax>> {
        let mut left = self.negation()?;
        while self.word("and") {
            let right = self.negation()?;
            left = pair(Syntax::And, left, right);
        }
        Ok(left)
    }

    fn negation(&mut self) -> Parsed<At<Syntax>> {
        let start = self.here().start;
        if self.word("not") {
            let what = self.deeper(Self::negation)?;
            return Ok(At::new(Syntax::Not(Box::new(what)), self.since(start)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Parsed<At<Syntax>> {
        const RELATIONS: [(&str, Relation); 6] = [
            ("<=", Relation::AtMost),
            (">=", Relation::AtLeast),
            ("==", Relation::Equal),
            ("!=", Relation::NotEqual),
            ("<", Relation::Less),
            (">", Relation::Greater),
        ];
        let left = self.sum()?;
        let found = RELATIONS.iter().find(|(sign, _)| self.sign(sign));
        let Some((_, relation)) = found else {
            return Ok(left);
        };
        let right = self.sum()?;
        let compared = pair(|a, b| Syntax::Compare(*relation, a, b), left, right);
        if matches!(self.peek(), Some(Token::Sign(sign)) if RELATIONS.iter().any(|r| r.0 == *sign))
        {
            let range = self.here();
            self.error(range, "two comparisons in a row: join them with `and`");
            return Err(Lost);
        }
        Ok(compared)
    }

    fn sum(&mut self) -> Parsed<At<Syntax>> {
        let mut left = self.product()?;
        loop {
            let operator = if self.sign("+") {
                Binary::Add
            } else if self.sign("-") {
                Binary::Subtract
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = pair(|a, b| Syntax::Binary(operator, a, b), left, right);
        }
    }

    fn product(&mut self) -> Parsed<At<Syntax>> {
        let mut left = self.signed()?;
        loop {
            let operator = if self.sign("*") {
                Binary::Multiply
            } else if self.sign("/") {
                Binary::Divide
            } else {
                return Ok(left);
            };
            let right = self.signed()?;
            left = pair(|a, b| Syntax::Binary(operator, a, b), left, right);
        }
    }

    fn signed(&mut self) -> Parsed<At<Syntax>> {
        let start = self.here().start;
        if self.sign("-") {
            let what = self.deeper(Self::signed)?;
            return Ok(At::new(Syntax::Negative(Box::new(what)), self.since(start)));
        }
        if self.sign("+") {
            return self.deeper(Self::signed);
        }
        let base = self.atom()?;
        if self.sign("^") {
            let power = self.deeper(Self::signed)?;
            return Ok(pair(
                |a, b| Syntax::Binary(Binary::Power, a, b),
                base,
                power,
            ));
        }
        Ok(base)
    }

    fn atom(&mut self) -> Parsed<At<Syntax>> {
        let range = self.here();
        if self.at > self.limit {
            let message = format!(
                "an expression of more than {LENGTH} words and signs: give its parts names"
            );
            self.error(range, message);
            return Err(Lost);
        }
        if let Some(Token::Number(number)) = self.peek() {
            let number = Syntax::Number(*number);
            self.at += 1;
            return Ok(At::new(number, range));
        }
        if self.sign("(") {
            let inner = self.expression()?;
            self.expect(")")?;
            return Ok(At::new(inner.is, self.since(range.start)));
        }
        let name = self.name("a number, a name or `(`")?;
        if !self.sign("(") {
            return Ok(At::new(Syntax::Name(name.is), range));
        }
        let mut arguments = Vec::new();
        while !self.sign(")") {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            arguments.push(self.expression()?);
        }
        Ok(At::new(
            Syntax::Call(name, arguments),
            self.since(range.start),
        ))
    }
}

/// Two expressions made one, which reaches from the first to the second.
fn pair(
    join: impl FnOnce(Box<At<Syntax>>, Box<At<Syntax>>) -> Syntax,
    left: At<Syntax>,
    right: At<Syntax>,
) -> At<Syntax> {
    let range = left.range.start..right.range.end;
    At::new(join(Box::new(left), Box::new(right)), range)
}
