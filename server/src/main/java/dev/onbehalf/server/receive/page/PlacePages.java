package dev.onbehalf.server.receive.page;

import dev.onbehalf.delivery.EnvironmentType;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.receive.History;
import dev.onbehalf.server.receive.History.Environment;
import dev.onbehalf.server.receive.History.Item;
import dev.onbehalf.server.receive.History.Pipeline;
import dev.onbehalf.server.receive.History.Position;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.EnvironmentPage;
import dev.onbehalf.server.web.page.PipelinePage;
import dev.onbehalf.server.web.page.PlacesPage;
import dev.onbehalf.server.web.page.Reported;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The pages of environments and pipelines, each of one sender. */
final class PlacePages {
  private static final String ENVIRONMENTS = "/environments";
  private static final String PIPELINES = "/pipelines";
  private static final String BEFORE = "before";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern POSITION = Pattern.compile("(-?[0-9]{1,18})-([0-9]{1,18})");
  private static final int SHOWN = 25;
  private static final int CURRENT_SHOWN = 50;
  private static final int DEPLOYMENTS_SHOWN = 10;
  private static final int LISTED = 100;

  private final History history;
  private final Reports reports;
  private final Visitors visitors;

  PlacePages(History history, Reports reports, Visitors visitors) {
    this.history = history;
    this.reports = reports;
    this.visitors = visitors;
  }

  static String environmentPath(long ref) {
    return ENVIRONMENTS + "/" + ref;
  }

  static String pipelinePath(long ref) {
    return PIPELINES + "/" + ref;
  }

  void addTo(Routes routes) {
    routes
        .add(ENVIRONMENTS, Methods.get(visitors.signedIn(this::environments)))
        .add(PIPELINES, Methods.get(visitors.signedIn(this::pipelines)));
    visitors.addBelow(
        routes,
        ENVIRONMENTS,
        (request, session, name) ->
            one(
                request,
                session,
                number(name).flatMap(history::environment).map(found -> page(request, found)),
                "environment"));
    visitors.addBelow(
        routes,
        PIPELINES,
        (request, session, name) ->
            one(
                request,
                session,
                number(name).flatMap(history::pipeline).map(found -> page(request, found)),
                "pipeline"));
  }

  private WebResponse one(
      WebRequest request,
      Session session,
      Optional<? extends dev.onbehalf.server.web.Page> page,
      String what) {
    return page.isPresent()
        ? visitors.show(request, 200, page.get(), session)
        : visitors.notFound(
            request,
            session,
            "There is no such " + what + ".",
            "It goes when the last build or deployment of it is deleted.");
  }

  private EnvironmentPage page(WebRequest request, Environment environment) {
    Position after = position(request);
    List<Item> current =
        after == null ? history.current(List.of(environment.ref()), CURRENT_SHOWN) : List.of();
    List<Item> all = history.deployments(environment.ref(), after, SHOWN + 1);
    return new EnvironmentPage(
        environment.name(),
        Reports.typeWord(environment.type()),
        environment.sender(),
        entries(current, Reports::fromPipeline),
        entries(first(all), Reports::fromPipeline),
        after != null,
        next(environmentPath(environment.ref()), all));
  }

  private PipelinePage page(WebRequest request, Pipeline pipeline) {
    Position after = position(request);
    List<Item> builds = history.builds(pipeline.ref(), after, SHOWN + 1);
    List<Item> deployments =
        after == null ? history.deploymentsOf(pipeline.ref(), null, DEPLOYMENTS_SHOWN) : List.of();
    return new PipelinePage(
        pipeline.name(),
        pipeline.id(),
        pipeline.sender(),
        entries(deployments, Reports::onlyToEnvironment),
        entries(first(builds), Reports::numbered),
        after != null,
        next(pipelinePath(pipeline.ref()), builds));
  }

  private List<Reported> entries(List<Item> items, Function<Item, Reported> entry) {
    return reports.withIssues(items, items.stream().map(entry).toList());
  }

  private static List<Item> first(List<Item> page) {
    return page.subList(0, Math.min(SHOWN, page.size()));
  }

  private static @Nullable String next(String path, List<Item> page) {
    if (page.size() <= SHOWN) {
      return null;
    }
    Position last = page.get(SHOWN - 1).position();
    return path + "?" + BEFORE + "=" + last.updated().toEpochMilli() + "-" + last.entity();
  }

  private static @Nullable Position position(WebRequest request) {
    String text = Form.query(request).value(BEFORE).orElse(null);
    if (text == null) {
      return null;
    }
    Matcher matcher = POSITION.matcher(text);
    if (!matcher.matches()) {
      throw WebException.badRequest("The address does not say where the list goes on.");
    }
    return new Position(
        Instant.ofEpochMilli(Long.parseLong(matcher.group(1))), Long.parseLong(matcher.group(2)));
  }

  private static Optional<Long> number(String text) {
    return NUMBER.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  private WebResponse environments(WebRequest request, Session session) {
    List<PlacesPage.Group> groups = new ArrayList<>();
    for (EnvironmentType type : Reports.TYPES) {
      List<PlacesPage.Place> places =
          history.environments(type.word(), 0, LISTED).stream()
              .map(
                  found ->
                      new PlacesPage.Place(
                          environmentPath(found.ref()), found.name(), found.sender()))
              .toList();
      if (!places.isEmpty()) {
        groups.add(new PlacesPage.Group(heading(type), places));
      }
    }
    return visitors.show(
        request, 200, new PlacesPage("Environments", ENVIRONMENTS, groups, null), session);
  }

  static String heading(EnvironmentType type) {
    String word = type == EnvironmentType.UNMAPPED ? "other" : type.word();
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  private WebResponse pipelines(WebRequest request, Session session) {
    String after = Form.query(request).value("after").orElse("0");
    if (!NUMBER.matcher(after).matches()) {
      throw WebException.badRequest("The address does not say where the list goes on.");
    }
    List<Pipeline> found = history.pipelines(Long.parseLong(after), LISTED + 1);
    List<Pipeline> shown = found.subList(0, Math.min(LISTED, found.size()));
    String next =
        found.size() > LISTED ? PIPELINES + "?after=" + shown.get(LISTED - 1).ref() : null;
    List<PlacesPage.Place> places =
        shown.stream()
            .map(each -> new PlacesPage.Place(pipelinePath(each.ref()), each.name(), each.sender()))
            .toList();
    return visitors.show(
        request,
        200,
        new PlacesPage(
            "Pipelines",
            PIPELINES,
            places.isEmpty() ? List.of() : List.of(new PlacesPage.Group("", places)),
            next),
        session);
  }
}
