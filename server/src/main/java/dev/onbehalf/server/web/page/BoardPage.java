package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The issues of a project against the environments they are deployed to, and a form that asks for
 * another selection.
 *
 * @param project key of the project; null where none was asked for yet
 * @param notice what is wrong with what was asked for; null for nothing
 * @param projects keys of projects to choose from
 * @param filter what is selected
 * @param columns environments, production first
 * @param moreColumns whether there are more environments than are shown
 * @param rows issues, the newest first
 * @param next where the list goes on, a raw path after the context path; null for nowhere
 */
public record BoardPage(
    @Nullable String project,
    @Nullable String notice,
    List<String> projects,
    Filter filter,
    List<Column> columns,
    boolean moreColumns,
    List<Row> rows,
    @Nullable String next)
    implements Page {

  public BoardPage {
    projects = List.copyOf(projects);
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  @Override
  public String template() {
    return "board";
  }

  @Override
  public String title() {
    return project == null ? "Projects" : project;
  }

  /**
   * What is selected.
   *
   * @param types choices for the type of environment; the first stands for all
   * @param states choices for the state of a cell; the first stands for all
   * @param waiting whether only issues are wanted that are not on production
   * @param text issue key, or part of the name of a build or deployment; empty for all
   */
  public record Filter(
      List<Choice.Option> types, List<Choice.Option> states, boolean waiting, String text) {
    public Filter {
      types = List.copyOf(types);
      states = List.copyOf(states);
    }
  }

  /**
   * An environment.
   *
   * @param path its page, a raw path after the context path
   * @param name its name
   * @param type its type in a word; empty where it is not said
   */
  public record Column(String path, String name, String type) {}

  /**
   * An issue.
   *
   * @param key its key
   * @param path its page, a raw path after the context path
   * @param build its latest build; null for none
   * @param cells its latest deployment to each column's environment; null for none
   */
  public record Row(String key, String path, @Nullable Cell build, List<@Nullable Cell> cells) {
    public Row {
      cells = Collections.unmodifiableList(new ArrayList<>(cells));
    }
  }

  /**
   * A build or deployment.
   *
   * @param state its state in words
   * @param tone {@code good}, {@code bad}, {@code busy} or {@code plain}
   * @param title what its sender calls it
   * @param url where its sender shows it, http or https
   * @param updated when it last changed
   * @param note what else is to be known; empty for nothing
   */
  public record Cell(
      String state, String tone, String title, String url, Instant updated, String note) {}
}
