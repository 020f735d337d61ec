package dev.onbehalf.server;

import dev.onbehalf.server.config.ReceiveConfig;
import dev.onbehalf.server.gateway.OwnSite;
import dev.onbehalf.server.jira.Jira;
import dev.onbehalf.server.monitor.Metrics;
import dev.onbehalf.server.receive.Receiver;
import dev.onbehalf.server.receive.page.ReceivingPages;
import dev.onbehalf.server.receive.query.QueryEndpoint;
import dev.onbehalf.server.web.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The site that takes builds and deployments, its pages, and the Jira they belong to. */
final class ReceivingSide {
  private final @Nullable ReceiveConfig config;
  private final Jira jira;
  private final Receiver receiver;

  ReceivingSide(Foundation base, LinkingSide linking, Opened opened) {
    config = base.configuration().receive();
    Routes routes = new Routes();
    base.pages().addTo(routes);
    base.signIn()
        .addTo(
            routes,
            Stream.concat(ReceivingPages.places().stream(), Stream.of(LinkingSide.SCRIPTS))
                .toList());
    linking.outgoing().addPersonalTokens(routes);
    jira =
        opened.add(
            new Jira(
                new Jira.Parts(
                    base.configuration(),
                    base.database(),
                    base.sealer(),
                    linking::applicationLink,
                    base.audit(),
                    base.clock())));
    jira.addTo(routes);
    receiver =
        opened.add(
            new Receiver(
                new Receiver.Parts(
                    base.configuration(),
                    base.database(),
                    base.sealer(),
                    base.audit(),
                    base.clock(),
                    base.pages(),
                    base.sessions(),
                    base.signIn(),
                    base.metrics().registry(),
                    jira.issues(),
                    jira.changes()),
                routes));
    if (config != null) {
      ReceivingPages.addTo(
          routes,
          new ReceivingPages.Parts(
              config,
              base.database(),
              receiver.issues(),
              receiver.credentials(),
              base.audit(),
              base.clock(),
              base.pages(),
              base.sessions(),
              base.signIn()));
      new QueryEndpoint(
              new QueryEndpoint.Parts(
                  receiver.queries(),
                  base.sessions(),
                  base.signIn(),
                  base.pages(),
                  linking.personalTokens(),
                  base.audit(),
                  base.clock()))
          .addTo(routes);
    }
  }

  Jira jira() {
    return jira;
  }

  Receiver receiver() {
    return receiver;
  }

  /** Returns the sites it answers at; none where nothing is received. */
  List<OwnSite> sites() {
    return config == null
        ? List.of()
        : List.of(
            new OwnSite(
                Receiver.SITE,
                config.publicUrl(),
                receiver.web(),
                receiver.handler(),
                receiver::bodyBytes));
  }

  void measure(Metrics metrics) {
    metrics.addStored(
        "onbehalf.jira.links.waiting",
        "Links that the linked Jira is yet to be told.",
        null,
        () -> jira.backlog().waiting());
    metrics.addStored(
        "onbehalf.jira.links.oldest",
        "How long the link that waits longest has waited.",
        "seconds",
        () -> jira.backlog().age().toMillis() / 1e3);
    metrics.addStored(
        "onbehalf.jira.links.unknown",
        "Links that wait for an issue the linked Jira does not have.",
        null,
        () -> jira.backlog().unknown());
    metrics.addStored(
        "onbehalf.jira.links.failed",
        "Links that were given up until they change or are tried again.",
        null,
        () -> jira.backlog().failed());
    metrics.addStored(
        "onbehalf.receive.credential.expires",
        "When the next delivery credential ends, in seconds since 1970; absent for never.",
        "seconds",
        () ->
            receiver.credentials().all().stream()
                .filter(credential -> credential.enabled() && !credential.own())
                .flatMap(credential -> Optional.ofNullable(credential.expires()).stream())
                .mapToDouble(Instant::getEpochSecond)
                .min()
                .orElse(Double.NaN));
  }

  /** Starts what tells Jira of changes. */
  void start() {
    jira.start(receiver.issues(), receiver::latest);
  }
}
