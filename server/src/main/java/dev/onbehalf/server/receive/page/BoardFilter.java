package dev.onbehalf.server.receive.page;

import dev.onbehalf.delivery.DeploymentState;
import dev.onbehalf.delivery.EnvironmentType;
import dev.onbehalf.server.receive.History.Item;
import dev.onbehalf.server.receive.ProjectBoard.Cell;
import dev.onbehalf.server.receive.ProjectBoard.Row;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.page.BoardPage;
import dev.onbehalf.server.web.page.Choice;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which issues of a board are wanted.
 *
 * @param type the type of environment; null for all
 * @param state the state of the latest build or of a latest deployment; null for all
 * @param waiting whether only issues that are not on production
 * @param text part of their key, or of the name of their build or of a deployment; empty for all
 */
record BoardFilter(
    @Nullable EnvironmentType type, @Nullable String state, boolean waiting, String text) {
  static final BoardFilter ALL = new BoardFilter(null, null, false, "");

  private static final int TEXT_CHARACTERS = 100;
  private static final List<String> STATES =
      Arrays.stream(DeploymentState.values()).map(DeploymentState::word).toList();

  /** Reads it from a query; what is not known counts as all. */
  static BoardFilter of(Form query) {
    String text = query.value("text").orElse("").strip();
    return new BoardFilter(
        query.value("type").flatMap(EnvironmentType::of).orElse(null),
        query.value("state").filter(STATES::contains).orElse(null),
        query.value("waiting").isPresent(),
        text.length() > TEXT_CHARACTERS ? text.substring(0, TEXT_CHARACTERS) : text);
  }

  /** Returns the query that {@link #of} reads, with a question mark; empty for all. */
  String query() {
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    if (type != null) {
      query.add("type=" + type.word());
    }
    if (state != null) {
      query.add("state=" + state);
    }
    if (waiting) {
      query.add("waiting=yes");
    }
    if (!text.isEmpty()) {
      query.add("text=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
    }
    return query.toString();
  }

  /** Whether environments of that type are shown. */
  boolean shows(EnvironmentType each) {
    return type == null || type == each;
  }

  /**
   * Whether an issue is wanted.
   *
   * @param columns our numbers of the environments that are shown
   * @param production our numbers of those of production
   */
  boolean wants(String key, Row row, Set<Long> columns, Set<Long> production) {
    List<Item> shown = new ArrayList<>();
    row.cells()
        .forEach(
            (environment, cell) -> {
              if (columns.contains(environment)) {
                shown.add(cell.latest());
              }
            });
    if (type != null && shown.isEmpty()) {
      return false;
    }
    Item build = row.build();
    if (state != null
        && shown.stream().noneMatch(item -> item.state().equals(state))
        && (build == null || !build.state().equals(state))) {
      return false;
    }
    if (waiting && production.stream().anyMatch(environment -> there(row, environment))) {
      return false;
    }
    return text.isEmpty()
        || contains(key)
        || Stream.concat(Optional.ofNullable(build).stream(), shown.stream())
            .anyMatch(item -> contains(item.json().path("displayName").asString("")));
  }

  private static boolean there(Row row, long environment) {
    Cell cell = row.cells().get(environment);
    return cell != null && cell.there() != null;
  }

  private boolean contains(String given) {
    return given.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
  }

  BoardPage.Filter shown() {
    List<Choice.Option> types = new ArrayList<>();
    types.add(new Choice.Option("", "All", "", type == null));
    for (EnvironmentType each : Reports.TYPES) {
      types.add(new Choice.Option(each.word(), PlacePages.heading(each), "", each == type));
    }
    List<Choice.Option> states = new ArrayList<>();
    states.add(new Choice.Option("", "Any", "", state == null));
    for (String each : STATES) {
      states.add(
          new Choice.Option(
              each,
              Reports.words(each).substring(0, 1).toUpperCase(Locale.ROOT)
                  + Reports.words(each).substring(1),
              "",
              Objects.equals(each, state)));
    }
    return new BoardPage.Filter(types, states, waiting, text);
  }
}
