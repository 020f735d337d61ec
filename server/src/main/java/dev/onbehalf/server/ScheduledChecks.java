package dev.onbehalf.server;

import dev.onbehalf.delivery.send.SiteCheck;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ReceiveConfig;
import dev.onbehalf.server.link.Link;
import dev.onbehalf.server.link.LinkReport;
import dev.onbehalf.server.link.Links;
import dev.onbehalf.server.monitor.Check;
import dev.onbehalf.server.monitor.Check.Finding;
import dev.onbehalf.server.monitor.ReceiveRoundTrip;
import dev.onbehalf.server.receive.Credential;
import dev.onbehalf.server.receive.CredentialAdministration;
import dev.onbehalf.server.receive.CredentialAdministration.Issued;
import dev.onbehalf.server.relay.Relay;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the monitor tries: the receiving site, the sites of the delivery file and every link. */
final class ScheduledChecks implements Supplier<List<Check>>, AutoCloseable {
  private final List<Check> fixed = new ArrayList<>();
  private final CredentialAdministration credentials;
  private final Links links;
  private final @Nullable String person;

  /**
   * Prepares the checks.
   *
   * @param relay null where nothing is passed on
   */
  ScheduledChecks(
      Configuration configuration,
      CredentialAdministration credentials,
      Links links,
      @Nullable Relay relay,
      InstantSource clock) {
    this.credentials = credentials;
    this.links = links;
    this.person = configuration.monitor().person();
    ReceiveConfig receive = configuration.receive();
    if (receive != null) {
      fixed.add(
          new Check(
              "receive",
              new ReceiveRoundTrip(
                  receive.publicUrl().toString(), this::client, Credential.OWN_ISSUE, clock)));
    }
    if (relay != null) {
      relay.checks().forEach((name, check) -> fixed.add(siteCheck(name, check)));
    }
  }

  @Override
  public List<Check> get() {
    List<Check> checks = new ArrayList<>(fixed);
    links.all().forEach(link -> checks.add(linkCheck(link)));
    return checks;
  }

  private ReceiveRoundTrip.Client client() {
    Issued own = credentials.ownForRoundTrip();
    return new ReceiveRoundTrip.Client(own.credential().clientId(), own.secret());
  }

  private static Check siteCheck(String name, Supplier<List<SiteCheck>> check) {
    return new Check(
        "site " + name,
        () -> {
          List<SiteCheck> results = check.get();
          boolean healthy = results.stream().allMatch(SiteCheck::passed);
          return new Finding(
              healthy,
              results.stream()
                  .filter(result -> healthy || !result.passed())
                  .map(result -> result.what() + ": " + result.detail())
                  .collect(Collectors.joining("; ", "", ".")));
        });
  }

  private Check linkCheck(Link link) {
    return new Check(
        "link " + link.name(),
        () -> {
          LinkReport report = links.test(link, person);
          Predicate<LinkReport.Finding> told =
              finding -> report.working() || finding.outcome() == LinkReport.Outcome.FAULT;
          return new Finding(
              report.working(),
              report.findings().stream()
                  .filter(told)
                  .map(finding -> finding.check() + ": " + finding.sentence())
                  .collect(Collectors.joining(" ")));
        });
  }

  /** Takes the server's own credential away. */
  @Override
  public void close() {
    credentials.endOwn();
  }
}
