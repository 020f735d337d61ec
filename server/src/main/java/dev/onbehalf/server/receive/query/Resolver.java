package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.receive.query.Condition.And;
import dev.onbehalf.server.receive.query.Condition.In;
import dev.onbehalf.server.receive.query.Condition.Match;
import dev.onbehalf.server.receive.query.Condition.Not;
import dev.onbehalf.server.receive.query.Condition.Or;
import dev.onbehalf.server.receive.query.Predicate.Resolved;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks up what the names of a query mean. */
final class Resolver {
  /** What somebody may have meant is looked for among thousands of names. */
  private static final int MOST_NOTES = 5;

  private final Names names;

  Resolver(Names names) {
    this.names = names;
  }

  /** Returns what the names of a condition mean, and adds a note for each that nothing has. */
  Resolved resolve(@Nullable Condition condition, List<String> notes) {
    Resolved resolved =
        new Resolved(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    resolve(condition, resolved, notes);
    return resolved;
  }

  private void resolve(@Nullable Condition condition, Resolved resolved, List<String> notes) {
    if (condition instanceof And and) {
      and.parts().forEach(part -> resolve(part, resolved, notes));
    } else if (condition instanceof Or or) {
      or.parts().forEach(part -> resolve(part, resolved, notes));
    } else if (condition instanceof Not not) {
      resolve(not.part(), resolved, notes);
    } else if (condition instanceof In in && in.function().byType()) {
      Names.Found found = names.environmentsOfType(in.arguments());
      if (found.complete()) {
        resolved.ofTypes().put(in.arguments(), found.ids());
      }
    } else if (condition instanceof In in) {
      Names.Found found = names.environments(in.arguments());
      if (!found.complete()) {
        throw new IllegalArgumentException(
            "More than "
                + Names.MOST_OF_A_NAME
                + " environments are called "
                + String.join(" or ", in.arguments())
                + "; name fewer by their ids.");
      }
      resolved.environments().put(in.arguments(), found.ids());
      note("environment", found.unknown(), names::listedEnvironments, notes);
    } else if (condition instanceof Match match) {
      switch (match.field()) {
        case SENDER -> {
          Names.Found found = names.senders(match.values());
          resolved.senders().put(match.values(), found.ids());
          note("sender", found.unknown(), () -> new TreeSet<>(names.allSenders().values()), notes);
        }
        case ENVIRONMENT ->
            note(
                "environment",
                names.environments(match.values()).unknown(),
                names::listedEnvironments,
                notes);
        case PIPELINE ->
            note(
                "pipeline",
                names.pipelines(match.values()).unknown(),
                names::listedPipelines,
                notes);
        default -> {}
      }
    }
  }

  private static void note(
      String noun, Set<String> unknown, Supplier<Set<String>> known, List<String> notes) {
    if (!unknown.isEmpty()) {
      Set<String> all = known.get();
      unknown.stream()
          .limit(MOST_NOTES)
          .forEach(
              name ->
                  notes.add("No " + noun + " is called '" + name + "'." + Nearest.hint(name, all)));
      if (unknown.size() > MOST_NOTES) {
        notes.add("Nor is any called as " + (unknown.size() - MOST_NOTES) + " more of those.");
      }
    }
  }
}
