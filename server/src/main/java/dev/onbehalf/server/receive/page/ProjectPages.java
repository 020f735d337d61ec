package dev.onbehalf.server.receive.page;

import dev.onbehalf.delivery.EnvironmentType;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.receive.History.Environment;
import dev.onbehalf.server.receive.Issues;
import dev.onbehalf.server.receive.ProjectBoard;
import dev.onbehalf.server.receive.ProjectBoard.Cell;
import dev.onbehalf.server.receive.ProjectBoard.Row;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.BoardPage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shows whoever signs in the issues of a project against the environments they are on. */
final class ProjectPages {
  static final String PATH = "/projects";

  private static final Pattern PROJECT = Pattern.compile("[A-Z][A-Z0-9_]{1,254}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final int ROWS = 25;
  private static final int ISSUES_SEEN = 500;
  private static final int COLUMNS = 10;

  private final ProjectBoard board;
  private final Issues issues;
  private final List<String> projects;
  private final Visitors visitors;

  ProjectPages(ProjectBoard board, Issues issues, List<String> projects, Visitors visitors) {
    this.board = board;
    this.issues = issues;
    this.projects = projects;
    this.visitors = visitors;
  }

  /** Whether that is the key of a project, in capitals. */
  static boolean isProject(String key) {
    return PROJECT.matcher(key).matches();
  }

  void addTo(Routes routes) {
    routes.add(PATH, Methods.get(visitors.signedIn(this::search)));
    visitors.addBelow(routes, PATH, this::project);
  }

  private WebResponse search(WebRequest request, Session session) {
    Form query = Form.query(request);
    String wanted = query.value("project").orElse("").strip().toUpperCase(Locale.ROOT);
    BoardFilter filter = BoardFilter.of(query);
    if (wanted.isEmpty()) {
      return visitors.show(request, 200, form(null, filter), session);
    }
    return isProject(wanted)
        ? WebResponse.redirect(request.publicUrl().with(PATH + "/" + wanted) + filter.query())
        : visitors.show(request, 400, noProject(filter), session);
  }

  private WebResponse project(WebRequest request, Session session, String named) {
    Form query = Form.query(request);
    BoardFilter filter = BoardFilter.of(query);
    String project = named.toUpperCase(Locale.ROOT);
    if (!isProject(project)) {
      return visitors.show(request, 404, noProject(filter), session);
    }
    return visitors.show(request, 200, page(project, filter, before(query)), session);
  }

  private static long before(Form query) {
    String text = query.value("before").orElse(null);
    if (text == null) {
      return Long.MAX_VALUE;
    }
    if (!NUMBER.matcher(text).matches()) {
      throw WebException.badRequest("The address does not say where the list goes on.");
    }
    return Long.parseLong(text);
  }

  private BoardPage noProject(BoardFilter filter) {
    return form("That is not the key of a project, such as ABC.", filter);
  }

  private BoardPage form(@Nullable String notice, BoardFilter filter) {
    return new BoardPage(null, notice, projects, filter.shown(), List.of(), false, List.of(), null);
  }

  /** Returns a board of the first issues of a project alone, with nothing that leads further. */
  BoardPage panel(String project, int rows) {
    Shown shown = shown(project, BoardFilter.ALL, Long.MAX_VALUE, rows);
    return new BoardPage(
        project,
        null,
        List.of(),
        BoardFilter.ALL.shown(),
        shown.columns(),
        shown.moreColumns(),
        shown.rows(),
        null);
  }

  private BoardPage page(String project, BoardFilter filter, long before) {
    Shown shown = shown(project, filter, before, ROWS);
    boolean next = !shown.end() && !board.issues(project, shown.last(), 1).isEmpty();
    String query = filter.query();
    return new BoardPage(
        project,
        null,
        projects,
        filter.shown(),
        shown.columns(),
        shown.moreColumns(),
        shown.rows(),
        next
            ? PATH
                + "/"
                + project
                + query
                + (query.isEmpty() ? "?" : "&")
                + "before="
                + shown.last()
            : null);
  }

  /**
   * Part of a board.
   *
   * @param last the number of the last issue that was looked at
   * @param end whether that was the last of the project
   */
  private record Shown(
      List<BoardPage.Column> columns,
      boolean moreColumns,
      List<BoardPage.Row> rows,
      long last,
      boolean end) {}

  private Shown shown(String project, BoardFilter filter, long before, int limit) {
    Map<Long, Environment> columns = new LinkedHashMap<>();
    Set<Long> production = new HashSet<>();
    boolean more = false;
    List<Environment> recent = board.recent(project);
    for (EnvironmentType type : Reports.TYPES) {
      boolean shown = filter.shows(type);
      if (!shown && !(filter.waiting() && type == EnvironmentType.PRODUCTION)) {
        continue;
      }
      for (Environment environment : environments(project, type, recent)) {
        if (type == EnvironmentType.PRODUCTION) {
          production.add(environment.ref());
        }
        if (shown && columns.size() < COLUMNS) {
          columns.put(environment.ref(), environment);
        } else {
          more |= shown;
        }
      }
    }
    return shown(project, filter, before, limit, columns, production, more);
  }

  /** Returns those of a type, the first reported first. */
  private List<Environment> environments(
      String project, EnvironmentType type, List<Environment> recent) {
    Map<Long, Environment> all = new TreeMap<>();
    Stream.concat(
            recent.stream().filter(each -> each.type().equals(type.word())),
            board.environments(project, type.word(), COLUMNS + 1).stream())
        .forEach(each -> all.put(each.ref(), each));
    return all.values().stream().limit(COLUMNS + 1).toList();
  }

  private Shown shown(
      String project,
      BoardFilter filter,
      long before,
      int limit,
      Map<Long, Environment> columns,
      Set<Long> production,
      boolean more) {
    Set<Long> asked = new HashSet<>(columns.keySet());
    if (filter.waiting()) {
      asked.addAll(production);
    }
    List<BoardPage.Row> rows = new ArrayList<>();
    long last = before;
    int seen = 0;
    boolean end = false;
    while (!end && rows.size() < limit && seen < ISSUES_SEEN) {
      List<Long> numbers = board.issues(project, last, limit);
      end = numbers.size() < limit;
      seen += numbers.size();
      Set<String> existing =
          issues
              .existing(
                  numbers.stream()
                      .map(number -> project + "-" + number)
                      .collect(Collectors.toSet()))
              .keySet();
      for (Row row : board.rows(project, numbers, asked)) {
        String key = project + "-" + row.number();
        if (rows.size() == limit) {
          end = false;
          break;
        }
        last = row.number();
        if (existing.contains(key) && filter.wants(key, row, columns.keySet(), production)) {
          rows.add(row(key, row, columns));
        }
      }
    }
    return new Shown(
        columns.values().stream().map(ProjectPages::column).toList(), more, rows, last, end);
  }

  private static BoardPage.Column column(Environment environment) {
    return new BoardPage.Column(
        PlacePages.environmentPath(environment.ref()),
        environment.name(),
        Reports.typeWord(environment.type()));
  }

  private static BoardPage.Row row(String key, Row row, Map<Long, Environment> columns) {
    List<BoardPage.@Nullable Cell> cells = new ArrayList<>();
    for (Long environment : columns.keySet()) {
      Cell cell = row.cells().get(environment);
      cells.add(cell == null ? null : cell(cell));
    }
    return new BoardPage.Row(
        key,
        IssuePages.path(key),
        row.build() == null ? null : Reports.cell(row.build(), ""),
        cells);
  }

  /** An issue stays where it was deployed to, whatever became of later attempts. */
  private static BoardPage.Cell cell(Cell cell) {
    boolean later = cell.there() != null && cell.there().entity() != cell.latest().entity();
    return Reports.cell(cell.latest(), later ? "an earlier one was successful" : "");
  }
}
