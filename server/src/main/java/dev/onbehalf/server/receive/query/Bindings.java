package dev.onbehalf.server.receive.query;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jdbi.v3.core.statement.Query;

/** The values of a statement: they are bound, never written. */
final class Bindings {
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Adds a value; returns how the statement names it. */
  String add(Object value) {
    String name = "v" + values.size();
    values.put(name, value);
    return ":" + name;
  }

  /** Adds values; returns them as a list in parentheses. */
  String list(Collection<?> list) {
    StringJoiner names = new StringJoiner(", ", "(", ")");
    list.forEach(value -> names.add(add(value)));
    return names.toString();
  }

  Query to(Query query) {
    values.forEach(query::bind);
    return query;
  }
}
