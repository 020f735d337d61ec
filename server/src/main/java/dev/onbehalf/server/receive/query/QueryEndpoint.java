package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.ScriptTokens;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Places;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.QueryPage;
import dev.onbehalf.server.web.page.Reported;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Queries of whoever is signed in: a page for people, JSON and CSV for their programs. */
public final class QueryEndpoint {
  /** Path of the page, after the context path. */
  public static final String PAGE = "/query";

  /** Path of the answers for programs. */
  public static final String DATA = Routes.OWN_PREFIX + "/query";

  private static final String COMPLETIONS = DATA + "/completions";
  private static final int SHOWN_ISSUES = 12;
  private static final Set<String> GOOD = Set.of("successful");
  private static final Set<String> BAD = Set.of("failed", "rolled_back");
  private static final Set<String> BUSY = Set.of("in_progress", "pending");

  private final Queries queries;
  private final Places places = new Places(6, 2);
  private final Sessions sessions;
  private final SignIn signIn;
  private final Pages pages;
  private final Askers askers;

  /**
   * What it is made of.
   *
   * @param tokens whose scripts may ask besides browsers
   */
  public record Parts(
      Queries queries,
      Sessions sessions,
      SignIn signIn,
      Pages pages,
      ScriptTokens tokens,
      AuditTrail audit,
      InstantSource clock) {}

  public QueryEndpoint(Parts parts) {
    queries = parts.queries();
    sessions = parts.sessions();
    signIn = parts.signIn();
    pages = parts.pages();
    askers = new Askers(sessions, parts.tokens(), parts.audit(), parts.clock());
  }

  /** Adds its paths to those of the receiving site. */
  public void addTo(Routes routes) {
    routes.add(PAGE, this::page);
    routes.add(DATA, request -> program(request, this::data));
    routes.add(COMPLETIONS, request -> program(request, this::completions));
  }

  /** Answers a program. */
  private interface Answer {
    WebResponse to(Form form);
  }

  private WebResponse program(WebRequest request, Answer answer) {
    if (!isGet(request)) {
      return error(405, "This address answers GET only.", null).with("Allow", "GET, HEAD");
    }
    return askers.admit(request, person -> answered(request, person, answer));
  }

  private WebResponse answered(WebRequest request, Person person, Answer answer) {
    try (Places.Place place = enter(person)) {
      return answer.to(Form.query(request));
    } catch (QueryFault e) {
      return error(400, e.sentence(), e);
    } catch (IllegalArgumentException e) {
      return error(400, String.valueOf(e.getMessage()), null);
    } catch (QueryTimeout e) {
      return error(503, e.sentence(), null).with("Retry-After", "1");
    }
  }

  /** Takes a place: queries use connections to the database, of which there are few. */
  private Places.Place enter(Person person) {
    return places
        .enter(person.name())
        .orElseThrow(
            () ->
                new QueryTimeout("Too many queries at once, yours or all; ask again in a moment."));
  }

  private WebResponse data(Form form) {
    String format = form.value("format").orElse("json");
    if (!format.equals("json") && !format.equals("csv")) {
      throw new IllegalArgumentException("The format is json or csv.");
    }
    QueryResult result =
        queries.run(
            form.value("q").orElse(""),
            ofIssues(form),
            number(form, "limit", Queries.ROWS),
            form.value("after").filter(text -> !text.isEmpty()).orElse(null));
    ObjectNode json = QueryFormat.json(result);
    if (format.equals("json")) {
      return answer(200, json);
    }
    WebResponse csv =
        WebResponse.of(200, "text/csv; charset=utf-8; header=present", QueryFormat.csv(json))
            .with("Content-Disposition", "attachment; filename=\"query.csv\"")
            .with("Cache-Control", "no-store");
    return result.next() == null ? csv : csv.with("X-Next", result.next());
  }

  private WebResponse completions(Form form) {
    String text = form.value("q").orElse("");
    return answer(
        200, QueryFormat.json(queries.completions(text, number(form, "cursor", text.length()))));
  }

  private static boolean ofIssues(Form form) {
    return switch (form.value("show").orElse("")) {
      case "" -> false;
      case "issues" -> true;
      default -> throw new IllegalArgumentException("Show issues, or leave it out.");
    };
  }

  private static int number(Form form, String name, int byDefault) {
    String text = form.value(name).orElse("");
    if (text.isEmpty()) {
      return byDefault;
    }
    if (text.length() > 6 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("'" + name + "' must be a number.");
    }
    return Integer.parseInt(text);
  }

  private static boolean isGet(WebRequest request) {
    return request.method().equals("GET") || request.method().equals("HEAD");
  }

  private static WebResponse answer(int status, JsonNode json) {
    return WebResponse.of(status, "application/json", json.toString())
        .with("Cache-Control", "no-store");
  }

  static WebResponse error(int status, String sentence, @Nullable QueryFault fault) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("error", sentence);
    if (fault != null) {
      json.put("start", fault.start()).put("end", fault.end());
    }
    return answer(status, json);
  }

  private WebResponse page(WebRequest request) {
    if (!isGet(request)) {
      return WebResponse.of(405, "text/plain; charset=utf-8", "This address answers GET only.\n")
          .with("Allow", "GET, HEAD");
    }
    Optional<Session> session = sessions.find(request);
    if (session.isEmpty()) {
      return signIn.challenge(request, request.pathAndQuery());
    }
    Form form = Form.query(request);
    String text = form.value("q").orElse("").strip();
    boolean complete = form.has("complete");
    boolean issues = form.value("show").orElse("").equals("issues");
    int status = 200;
    QueryPage page;
    try (Places.Place place = enter(session.get().person())) {
      QueryResult result =
          complete || !form.has("q")
              ? null
              : queries.run(
                  text,
                  issues,
                  Queries.ROWS,
                  form.value("after").filter(after -> !after.isEmpty()).orElse(null));
      page = page(text, issues, null, null, result, complete ? text.length() : -1);
    } catch (QueryFault e) {
      status = 400;
      page = page(text, issues, e.sentence(), e, null, e.start());
    } catch (IllegalArgumentException e) {
      status = 400;
      page = page(text, issues, String.valueOf(e.getMessage()), null, null, -1);
    } catch (QueryTimeout e) {
      status = 503;
      page = page(text, issues, e.sentence(), null, null, -1);
    }
    return pages.page(request, status, page, session.get().viewer());
  }

  private QueryPage page(
      String text,
      boolean issues,
      @Nullable String fault,
      @Nullable QueryFault at,
      @Nullable QueryResult result,
      int cursor) {
    QueryPage.@Nullable Marked marked =
        at == null || at.start() > text.length()
            ? null
            : new QueryPage.Marked(
                text.substring(0, at.start()),
                text.substring(at.start(), Math.min(at.end(), text.length())),
                text.substring(Math.min(at.end(), text.length())));
    List<QueryPage.Suggestion> suggestions = new ArrayList<>();
    if (cursor >= 0) {
      String base = marked == null ? text : marked.before() + marked.after();
      for (Completion each : queries.completions(base, cursor)) {
        suggestions.add(
            new QueryPage.Suggestion(
                each.word(), link(each.applied(base), issues, null) + "&complete="));
      }
    }
    return new QueryPage(
        text,
        issues,
        fault,
        marked,
        suggestions,
        result == null ? null : entries(result),
        result == null ? List.of() : notes(result),
        result == null || result.next() == null ? null : link(text, issues, result.next()),
        DATA + "?q=" + QueryPage.encoded(text) + (issues ? "&show=issues" : "") + "&format=",
        PAGE);
  }

  private static List<String> notes(QueryResult result) {
    List<String> notes = new ArrayList<>(result.notes());
    if (!result.complete()) {
      notes.add("There may be more: narrow the query by a project, an environment or a time.");
    }
    return notes;
  }

  private static String link(String text, boolean issues, @Nullable String after) {
    return PAGE
        + "?q="
        + QueryPage.encoded(text)
        + (issues ? "&show=issues" : "")
        + (after == null ? "" : "&after=" + QueryPage.encoded(after));
  }

  private static List<Reported> entries(QueryResult result) {
    return result.rows().stream().map(QueryEndpoint::entry).toList();
  }

  private static Reported entry(QueryResult.Row row) {
    String issue = row.issue();
    String place =
        row.environment() == null ? row.pipeline() + " #" + row.number() : row.environment();
    List<String> details = new ArrayList<>();
    if (issue != null && row.environment() != null) {
      details.add(row.environment());
    }
    details.add(details(row));
    return new Reported(
        issue == null ? place : issue,
        issue == null ? null : "/issues/" + issue,
        row.displayName(),
        row.url(),
        row.state().replace('_', ' '),
        GOOD.contains(row.state())
            ? "good"
            : BAD.contains(row.state()) ? "bad" : BUSY.contains(row.state()) ? "busy" : "plain",
        details,
        row.issues().stream().limit(SHOWN_ISSUES).toList(),
        Math.max(0, row.issues().size() - SHOWN_ISSUES),
        row.updated(),
        row.sender());
  }

  private static String details(QueryResult.Row row) {
    String type = row.environmentType();
    return type == null
        ? "Build"
        : (type.equals("unmapped") ? "Deployment" : "Deployment, " + type)
            + ", by "
            + row.pipeline()
            + " #"
            + row.number();
  }
}
