package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.receive.query.Condition.And;
import dev.onbehalf.server.receive.query.Condition.Compare;
import dev.onbehalf.server.receive.query.Condition.Contains;
import dev.onbehalf.server.receive.query.Condition.Current;
import dev.onbehalf.server.receive.query.Condition.In;
import dev.onbehalf.server.receive.query.Condition.Match;
import dev.onbehalf.server.receive.query.Condition.Not;
import dev.onbehalf.server.receive.query.Condition.Or;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a query, in time linear in its length, and says at its end what may come next:
 *
 * <pre>
 * query      = [or] ["ORDER" "BY" "updated" ["ASC" | "DESC"]]
 * or         = and {"OR" and}
 * and        = term {"AND" term}
 * term       = "NOT" term | "(" or ")" | comparison
 * comparison = field operator value | field ["NOT"] "IN" (list | function)
 * list       = "(" value {"," value} ")"
 * function   = name "(" value {"," value} ")"
 * </pre>
 */
final class QueryParser {
  private static final int DEEPEST = 30;
  private static final int MOST_COMPARISONS = 100;
  private static final int MOST_VALUES = 200;

  private final List<Token> tokens;
  private final Values values;
  private final List<Expected> atEnd = new ArrayList<>();
  private int next;
  private int depth;
  private int comparisons;
  private int valueCount;

  private QueryParser(List<Token> tokens, Instant now) {
    this.tokens = tokens;
    this.values = new Values(now);
  }

  /**
   * Reads a query.
   *
   * @param now what relative times are relative to
   * @throws QueryFault if it is none
   */
  static ParsedQuery parse(String text, Instant now) {
    return new QueryParser(Token.of(text), now).query();
  }

  /** Returns what may follow a text; nothing where the text is wrong already. */
  static List<Expected> next(String text, Instant now) {
    List<Token> tokens;
    try {
      tokens = Token.of(text);
    } catch (QueryFault e) {
      return List.of();
    }
    QueryParser parser = new QueryParser(tokens, now);
    try {
      parser.query();
    } catch (QueryFault e) {
      if (!parser.peek().isEnd()) {
        return List.of();
      }
    }
    return List.copyOf(parser.atEnd);
  }

  private ParsedQuery query() {
    Condition condition = null;
    if (!peek().isEnd() && !peek().isWord("ORDER")) {
      condition = or();
    } else {
      atEnd(new Expected(Field.allWords(), null));
      atEnd(Expected.words("NOT", "("));
    }
    boolean ascending = order();
    if (!peek().isEnd()) {
      throw fault("AND, OR, ORDER BY or the end was expected, not " + peek().shown() + ".");
    }
    return new ParsedQuery(condition, ascending);
  }

  private boolean order() {
    if (!accept("ORDER")) {
      return false;
    }
    if (!accept("BY")) {
      throw fault("BY was expected after ORDER, not " + peek().shown() + ".");
    }
    if (!accept("updated")) {
      throw fault("results come in the order of updated alone, not of " + peek().shown() + ".");
    }
    if (accept("ASC")) {
      return true;
    }
    accept("DESC");
    return false;
  }

  private Condition or() {
    if (++depth > DEEPEST) {
      throw fault("parentheses and NOT go at most " + DEEPEST + " deep; make it simpler.");
    }
    List<Condition> parts = new ArrayList<>();
    do {
      parts.add(and());
    } while (accept("OR"));
    depth--;
    return parts.size() == 1 ? parts.get(0) : new Or(parts);
  }

  private Condition and() {
    List<Condition> parts = new ArrayList<>();
    do {
      parts.add(term());
    } while (accept("AND"));
    return parts.size() == 1 ? parts.get(0) : new And(parts);
  }

  private Condition term() {
    if (accept("NOT")) {
      if (++depth > DEEPEST) {
        throw fault("parentheses and NOT go at most " + DEEPEST + " deep; make it simpler.");
      }
      Condition part = term();
      depth--;
      return new Not(part);
    }
    if (acceptSymbol("(")) {
      Condition inner = or();
      if (!acceptSymbol(")")) {
        throw fault("AND, OR or a closing parenthesis was expected, not " + peek().shown() + ".");
      }
      return inner;
    }
    return comparison();
  }

  private Condition comparison() {
    atEnd(new Expected(Field.allWords(), null));
    Token name = peek();
    if (name.kind() != Token.Kind.WORD) {
      throw fault("a field such as state or environment was expected, not " + name.shown() + ".");
    }
    Field field =
        Field.of(name.text())
            .orElseThrow(
                () ->
                    fault(
                        name.shown()
                            + " is not a field; the fields are "
                            + String.join(", ", Field.allWords())
                            + "."
                            + Nearest.hint(name.text(), Field.allWords())));
    if (++comparisons > MOST_COMPARISONS) {
      throw fault("a query has at most " + MOST_COMPARISONS + " comparisons; use IN.");
    }
    next++;
    Operator operator = operator(field);
    if (operator.takesList()) {
      return list(field, operator);
    }
    Token token = value(field);
    return switch (operator) {
      case CONTAINS -> new Contains(field, values.read(Field.SENDER, token));
      case GREATER, AT_LEAST, LESS, AT_MOST ->
          new Compare(
              field,
              operator,
              field == Field.UPDATED ? values.time(token) : values.number(field, token));
      default ->
          field == Field.CURRENT
              ? new Current(values.truth(token) != operator.negated())
              : new Match(field, operator.negated(), List.of(values.read(field, token)));
    };
  }

  private Operator operator(Field field) {
    atEnd(new Expected(field.operators().stream().map(Operator::word).toList(), null));
    Token token = peek();
    Optional<Operator> found =
        Operator.symbol(token.kind() == Token.Kind.SYMBOL ? token.text() : "");
    if (token.isWord("IN")) {
      found = Optional.of(Operator.IN);
    } else if (token.isWord("NOT")) {
      next++;
      atEnd(Expected.words("IN"));
      if (!peek().isWord("IN")) {
        throw fault("IN was expected after NOT, not " + peek().shown() + ".");
      }
      found = Optional.of(Operator.NOT_IN);
    } else if (token.isWord("is") || (token.isSymbol("<") && followedBy(">"))) {
      throw fault("write = or != here; there is no " + (token.isWord("is") ? "IS" : "<>") + ".");
    }
    Operator operator =
        found
            .filter(field.operators()::contains)
            .orElseThrow(
                () ->
                    fault(
                        "one of "
                            + String.join(
                                " ", field.operators().stream().map(Operator::word).toList())
                            + " was expected after "
                            + field.word()
                            + ", not "
                            + token.shown()
                            + "."));
    next++;
    return operator;
  }

  private boolean followedBy(String symbol) {
    return next + 1 < tokens.size() && tokens.get(next + 1).isSymbol(symbol);
  }

  private Condition list(Field field, Operator operator) {
    atEnd(Expected.words("("));
    if (field == Field.ISSUE) {
      atEnd(new Expected(Function.allWords(), null));
      Token name = peek();
      if (name.kind() == Token.Kind.WORD) {
        Function function =
            Function.of(name.text())
                .orElseThrow(
                    () ->
                        fault(
                            name.shown()
                                + " is not a function; write a list in parentheses, or one of "
                                + String.join(", ", Function.allWords())
                                + "."
                                + Nearest.hint(name.text(), Function.allWords())));
        next++;
        return new In(
            function, operator.negated(), inParentheses(function.argument(), function.word()));
      }
    }
    return new Match(field, operator.negated(), inParentheses(field, operator.word()));
  }

  private List<String> inParentheses(Field field, String after) {
    if (!acceptSymbol("(")) {
      throw fault(
          "an opening parenthesis was expected after " + after + ", not " + peek().shown() + ".");
    }
    List<String> read = new ArrayList<>();
    do {
      read.add(values.read(field, value(field)));
    } while (acceptSymbol(","));
    if (!acceptSymbol(")")) {
      throw fault("a comma or a closing parenthesis was expected, not " + peek().shown() + ".");
    }
    return read;
  }

  private Token value(Field field) {
    atEnd(new Expected(field.words(), field));
    Token token = peek();
    if (!token.isValue()) {
      throw fault("a value of " + field.word() + " was expected, not " + token.shown() + ".");
    }
    if (token.isWord("AND") || token.isWord("OR") || token.isWord("ORDER")) {
      throw fault(
          "a value of "
              + field.word()
              + " was expected; if it is called "
              + token.text()
              + ", put it in quotes.");
    }
    if (++valueCount > MOST_VALUES) {
      throw fault("a query has at most " + MOST_VALUES + " values; ask for less at once.");
    }
    next++;
    return token;
  }

  private boolean accept(String word) {
    atEnd(Expected.words(word));
    if (peek().isWord(word)) {
      next++;
      return true;
    }
    return false;
  }

  private boolean acceptSymbol(String symbol) {
    atEnd(Expected.words(symbol));
    if (peek().isSymbol(symbol)) {
      next++;
      return true;
    }
    return false;
  }

  private void atEnd(Expected expected) {
    if (peek().isEnd()) {
      atEnd.add(expected);
    }
  }

  private Token peek() {
    return tokens.get(next);
  }

  private QueryFault fault(String sentence) {
    return QueryFault.at(peek(), sentence);
  }
}
