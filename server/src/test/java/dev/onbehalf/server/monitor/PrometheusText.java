package dev.onbehalf.server.monitor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the Prometheus text exposition format 0.0.4, and takes nothing that its definition does not
 * allow: every sample has its family's TYPE before it, families are not torn apart, no series comes
 * twice, histograms are cumulative and end with {@code +Inf}.
 */
final class PrometheusText {
  private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
  private static final Pattern TYPE =
      Pattern.compile(
          "# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (NaN|[+-]Inf|-?[0-9][0-9.eE+-]*)");
  private static final Pattern LABEL =
      Pattern.compile("\\G([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\n\"])*)\"(,|$)");

  /** One line with a value. */
  record Sample(String name, Map<String, String> labels, double value) {}

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Set<String> helped = new HashSet<>();
  private final List<Sample> samples = new ArrayList<>();

  private PrometheusText() {}

  static PrometheusText parse(String text) {
    PrometheusText parsed = new PrometheusText();
    if (!text.endsWith("\n")) {
      throw new AssertionError("The last line does not end.");
    }
    Set<String> series = new HashSet<>();
    String family = "";
    for (String line : text.split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      if (line.startsWith("#")) {
        family = parsed.comment(line, family);
        continue;
      }
      Sample sample = sample(line);
      if (!series.add(sample.name() + sample.labels())) {
        throw new AssertionError("A series comes twice: " + line);
      }
      if (!parsed.belongs(sample, family)) {
        throw new AssertionError("It is not of the family " + family + ": " + line);
      }
      parsed.samples.add(sample);
    }
    parsed.checkHistograms();
    return parsed;
  }

  private String comment(String line, String family) {
    Matcher help = HELP.matcher(line);
    if (help.matches()) {
      if (!helped.add(help.group(1))) {
        throw new AssertionError("A second HELP: " + line);
      }
      return family;
    }
    Matcher type = TYPE.matcher(line);
    if (!type.matches() || types.put(type.group(1), type.group(2)) != null) {
      throw new AssertionError("No TYPE, or a second one: " + line);
    }
    return type.group(1);
  }

  private static Sample sample(String line) {
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("No sample: " + line);
    }
    Map<String, String> labels = new TreeMap<>();
    String all = sample.group(2);
    if (all != null) {
      Matcher label = LABEL.matcher(all);
      int end = 0;
      while (label.find()) {
        if (labels.put(label.group(1), label.group(2)) != null) {
          throw new AssertionError("A label comes twice: " + line);
        }
        end = label.end();
      }
      if (end != all.length()) {
        throw new AssertionError("The labels cannot be read: " + line);
      }
    }
    return new Sample(sample.group(1), labels, number(sample.group(3)));
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private boolean belongs(Sample sample, String family) {
    String type = types.get(family);
    if (type == null) {
      return false;
    }
    String name = sample.name();
    return switch (type) {
      case "histogram" ->
          (name.equals(family + "_bucket") && sample.labels().containsKey("le"))
              || name.equals(family + "_sum")
              || name.equals(family + "_count");
      case "summary" ->
          (name.equals(family) && sample.labels().containsKey("quantile"))
              || name.equals(family + "_sum")
              || name.equals(family + "_count");
      case "counter" -> name.equals(family) && name.endsWith("_total") && sample.value() >= 0;
      default -> name.equals(family);
    };
  }

  private void checkHistograms() {
    types.forEach(
        (family, type) -> {
          if (type.equals("histogram")) {
            Map<Map<String, String>, TreeMap<Double, Double>> buckets = new LinkedHashMap<>();
            samples.stream()
                .filter(sample -> sample.name().equals(family + "_bucket"))
                .forEach(
                    sample -> {
                      Map<String, String> rest = new TreeMap<>(sample.labels());
                      double bound = number(Objects.requireNonNull(rest.remove("le")));
                      buckets
                          .computeIfAbsent(rest, key -> new TreeMap<>())
                          .put(bound, sample.value());
                    });
            buckets.forEach((labels, ofOne) -> checkBuckets(family, labels, ofOne));
          }
        });
  }

  private void checkBuckets(
      String family, Map<String, String> labels, NavigableMap<Double, Double> buckets) {
    List<Double> counts = List.copyOf(buckets.values());
    if (!counts.equals(counts.stream().sorted().toList())
        || buckets.lastKey() != Double.POSITIVE_INFINITY
        || buckets.lastEntry().getValue() != value(family + "_count", labels)) {
      throw new AssertionError("The histogram " + family + labels + " is not cumulative.");
    }
  }

  /** Returns all families by name, with their types. */
  Map<String, String> types() {
    return types;
  }

  List<Sample> samples() {
    return samples;
  }

  double value(String name, Map<String, String> labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name) && sample.labels().equals(labels))
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no series " + name + labels))
        .value();
  }
}
