package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One thing a credential may do: an action on one kind of data, always its own alone.
 *
 * @param type the kind of data
 * @param action the action
 */
public record Scope(DataType type, Action action) implements Comparable<Scope> {

  /** What may be done. */
  public enum Action {
    READ,
    WRITE,
    DELETE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads scopes such as {@code builds:write}; {@code builds} alone stands for all its actions.
   *
   * @throws IllegalArgumentException with one sentence, for any other text, or for none at all
   */
  public static Set<Scope> parse(Collection<String> texts) {
    Set<Scope> scopes = new TreeSet<>();
    for (String text : texts) {
      String[] parts = text.strip().split(":", 2);
      DataType type =
          DataType.byName(parts[0]).orElseThrow(() -> new IllegalArgumentException(fault(text)));
      if (parts.length == 1) {
        List.of(Action.values()).forEach(action -> scopes.add(new Scope(type, action)));
      } else {
        scopes.add(
            new Scope(
                type,
                List.of(Action.values()).stream()
                    .filter(action -> action.word().equals(parts[1]))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(fault(text)))));
      }
    }
    if (scopes.isEmpty()) {
      throw new IllegalArgumentException(
          "A credential needs at least one scope, such as builds or deployments:write.");
    }
    return scopes;
  }

  /** Returns the scopes as tokens name them, in order and parted by spaces. */
  static String join(Set<Scope> scopes) {
    return new TreeSet<>(scopes).stream().map(Scope::toString).collect(Collectors.joining(" "));
  }

  private static String fault(String text) {
    return "'"
        + text
        + "' is not a scope; take one of "
        + DataType.all().stream().map(DataType::name).collect(Collectors.joining(", "))
        + ", alone or with :read, :write or :delete.";
  }

  @Override
  public int compareTo(Scope other) {
    int byType = Integer.compare(DataType.all().indexOf(type), DataType.all().indexOf(other.type));
    return byType != 0 ? byType : action.compareTo(other.action);
  }

  @Override
  public String toString() {
    return type.name() + ":" + action.word();
  }
}
