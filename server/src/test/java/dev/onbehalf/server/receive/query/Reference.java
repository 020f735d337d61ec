package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.receive.Samples.Sample;
import dev.onbehalf.server.receive.query.Condition.And;
import dev.onbehalf.server.receive.query.Condition.Compare;
import dev.onbehalf.server.receive.query.Condition.Contains;
import dev.onbehalf.server.receive.query.Condition.Current;
import dev.onbehalf.server.receive.query.Condition.In;
import dev.onbehalf.server.receive.query.Condition.Match;
import dev.onbehalf.server.receive.query.Condition.Not;
import dev.onbehalf.server.receive.query.Condition.Or;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the language means, told a second time and without a database: everything is looked at. */
final class Reference {
  private final List<Sample> all;

  Reference(List<Sample> all) {
    this.all = all;
  }

  List<Sample> run(@Nullable Condition condition) {
    return all.stream()
        .filter(sample -> condition == null || holds(condition, sample, null))
        .toList();
  }

  Set<String> issues(@Nullable Condition condition) {
    return all.stream()
        .flatMap(
            sample ->
                sample.issues().stream()
                    .filter(issue -> condition == null || holds(condition, sample, issue)))
        .collect(Collectors.toSet());
  }

  private boolean holds(Condition condition, Sample sample, @Nullable String issue) {
    if (condition instanceof And and) {
      return and.parts().stream().allMatch(part -> holds(part, sample, issue));
    } else if (condition instanceof Or or) {
      return or.parts().stream().anyMatch(part -> holds(part, sample, issue));
    } else if (condition instanceof Not not) {
      return !holds(not.part(), sample, issue);
    } else if (condition instanceof Current current) {
      return sample.environment() != null && isCurrent(sample) == current.value();
    } else if (condition instanceof Contains contains) {
      return names(contains.field(), sample).stream()
          .anyMatch(name -> name.contains(contains.text()));
    } else if (condition instanceof Compare compare) {
      return compares(compare, sample);
    } else if (condition instanceof In in) {
      return ofIssues(sample, issue, in.negated(), key -> in(in, key));
    }
    Match match = (Match) condition;
    List<String> values = match.values();
    return switch (match.field()) {
      case ISSUE -> ofIssues(sample, issue, match.negated(), values::contains);
      case PROJECT ->
          ofIssues(
              sample,
              issue,
              match.negated(),
              key -> values.contains(key.substring(0, key.indexOf('-'))));
      default -> {
        List<String> names = names(match.field(), sample);
        yield !names.isEmpty() && names.stream().anyMatch(values::contains) != match.negated();
      }
    };
  }

  private static boolean ofIssues(
      Sample sample, @Nullable String issue, boolean negated, Predicate<String> test) {
    Set<String> issues = issue == null ? sample.issues() : Set.of(issue);
    return !issues.isEmpty() && issues.stream().anyMatch(test) != negated;
  }

  private boolean in(In in, String issue) {
    return all.stream()
        .filter(sample -> sample.environment() != null && sample.issues().contains(issue))
        .filter(sample -> sample.state().equals("successful"))
        .filter(
            sample ->
                names(in.function().argument(), sample).stream().anyMatch(in.arguments()::contains))
        .anyMatch(sample -> !in.function().current() || isCurrent(sample));
  }

  private boolean isCurrent(Sample sample) {
    return sample.state().equals("successful")
        && all.stream()
            .noneMatch(
                other ->
                    other.sender().equals(sample.sender())
                        && other.pipeline().equals(sample.pipeline())
                        && Objects.equals(other.environment(), sample.environment())
                        && other.state().equals("successful")
                        && other.number() > sample.number());
  }

  private static boolean compares(Compare compare, Sample sample) {
    if (compare.field() == Field.BUILD_NUMBER && sample.environment() != null) {
      return false;
    }
    long value = compare.field() == Field.UPDATED ? sample.updated() : sample.number();
    return switch (compare.operator()) {
      case GREATER -> value > compare.value();
      case AT_LEAST -> value >= compare.value();
      case LESS -> value < compare.value();
      default -> value <= compare.value();
    };
  }

  /** What a field of a sample is called; nothing where it does not have it. */
  private List<String> names(Field field, Sample sample) {
    String environment = sample.environment();
    return switch (field) {
      case KIND -> List.of(environment == null ? "builds" : "deployments");
      case STATE -> List.of(sample.state());
      case SENDER -> List.of(sample.sender());
      case NUMBER -> List.of(Long.toString(sample.number()));
      case BUILD_NUMBER ->
          environment == null ? List.of(Long.toString(sample.number())) : List.of();
      case PIPELINE -> pipelineNames(sample);
      case ENVIRONMENT -> environment == null ? List.of() : List.of(environment);
      case ENVIRONMENT_TYPE -> environment == null ? List.of() : List.of(type(sample));
      default -> List.of();
    };
  }

  /** A pipeline has a name as soon as it deployed something. */
  private List<String> pipelineNames(Sample sample) {
    boolean named =
        all.stream()
            .anyMatch(
                other ->
                    other.environment() != null
                        && other.sender().equals(sample.sender())
                        && other.pipeline().equals(sample.pipeline()));
    String name = "The " + sample.pipeline();
    return named
        ? List.of(sample.pipeline(), name.toLowerCase(Locale.ROOT))
        : List.of(sample.pipeline());
  }

  /** The type of an environment is that of the deployment to it that changed last. */
  private String type(Sample sample) {
    return all.stream()
        .filter(
            other ->
                other.sender().equals(sample.sender())
                    && Objects.equals(other.environment(), sample.environment()))
        .max(Comparator.comparingLong(Sample::updated))
        .map(Sample::type)
        .orElse("");
  }
}
