package dev.onbehalf.server.build;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.build.BuildSettings.Issuer;
import dev.onbehalf.server.build.BuildSettings.Rule;
import dev.onbehalf.server.build.Facts.Trigger;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.policy.CanonicalPath;
import dev.onbehalf.server.policy.RulePaths;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.web.Places;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says as whom a build may act. The build shows its CI's own token, which counts once; for several
 * requests it exchanges the token for a ticket (RFC 8693). Each use asks anew whether the build
 * still runs, who started it, and what it may do.
 */
public final class BuildIdentity {
  /** How every ticket begins. */
  public static final String TICKET_PREFIX = "obt_";

  private static final Duration LONGEST_WALK = Duration.ofSeconds(20);
  private static final Duration LONGEST_TICKET = Duration.ofHours(1);
  private static final int LONGEST_TICKET_CHARS = 8 * 1024;
  private static final String CONTEXT = "build-ticket";

  private final BuildSettings settings;
  private final Map<String, ApplicationConfig> applications;
  private final Map<String, JenkinsBuilds> jenkins = new HashMap<>();
  private final TokenVerifier verifier;
  private final SpentTokens spent;
  private final Sealer sealer;
  private final Directory directory;
  private final InstantSource clock;
  private final Places places;

  /**
   * A build that acts.
   *
   * @param build names it for people, such as {@code ci team/app #5}
   */
  public record Caller(Person person, String build, Limits limits) {}

  /** What a build may do. */
  @FunctionalInterface
  public interface Limits {
    /** Returns why a request is beyond the build, one sentence; null where it is not. */
    @Nullable String refusal(String link, String method, CanonicalPath path);
  }

  /**
   * A token for several requests.
   *
   * @param life how long it counts at most; it ends with the build
   */
  public record Ticket(Secret value, Duration life, Caller caller) {}

  /**
   * What it is made of.
   *
   * @param file the builds file
   * @param http adjusts the HTTP client that fetches issuers' keys
   * @param places for questions to the CI servers
   */
  public record Parts(
      Path file,
      List<ApplicationConfig> applications,
      Database database,
      Sealer sealer,
      Directory directory,
      InstantSource clock,
      UnaryOperator<HttpClient.Builder> http,
      Places places) {}

  private BuildIdentity(Parts parts, Duration walk) {
    applications =
        parts.applications().stream()
            .collect(Collectors.toMap(ApplicationConfig::name, each -> each));
    settings = BuildsFile.read(parts.file(), applications.keySet());
    sealer = parts.sealer();
    directory = parts.directory();
    clock = parts.clock();
    places = parts.places();
    verifier = new TokenVerifier(List.copyOf(settings.issuers().values()), parts.http(), clock);
    spent = new SpentTokens(parts.database(), sealer);
    settings
        .issuers()
        .forEach(
            (name, issuer) -> {
              ApplicationConfig application = applications.get(issuer.application());
              if (application != null) {
                jenkins.put(name, new JenkinsBuilds(application, directory, issuer.readAs(), walk));
              }
            });
  }

  /**
   * Reads the builds file.
   *
   * @throws dev.onbehalf.server.config.ConfigurationException with every fault of the file
   */
  public static BuildIdentity open(Parts parts) {
    return open(parts, LONGEST_WALK);
  }

  static BuildIdentity open(Parts parts, Duration walk) {
    return new BuildIdentity(parts, walk);
  }

  /**
   * Returns as whom a build acts that shows its CI's token, for one request.
   *
   * @throws RefusedBuildException if it may not act
   */
  public Caller identify(String token) throws RefusedBuildException {
    TokenVerifier.Shown shown = verifier.read(token);
    try (Places.Place place = enter(shown.issuer())) {
      return caller(spend(shown));
    }
  }

  /**
   * Exchanges a CI's token for a ticket.
   *
   * @throws RefusedBuildException if the build may not act
   */
  public Ticket exchange(String token) throws RefusedBuildException {
    TokenVerifier.Shown shown = verifier.read(token);
    Facts facts;
    Caller caller;
    try (Places.Place place = enter(shown.issuer())) {
      facts = spend(shown);
      caller = caller(facts);
    }
    long now = clock.instant().getEpochSecond();
    long until = Math.min(facts.expiresAtSeconds(), now + LONGEST_TICKET.toSeconds());
    Facts limited =
        new Facts(
            facts.issuer(),
            facts.job(),
            facts.jobPath(),
            facts.branch(),
            facts.number(),
            facts.actor(),
            facts.trigger(),
            facts.issuedAtSeconds(),
            until);
    byte[] sealed =
        sealer.seal(Secret.of(JsonMapper.shared().writeValueAsString(limited)), CONTEXT);
    return new Ticket(
        Secret.of(TICKET_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed)),
        Duration.ofSeconds(Math.max(0, until - now)),
        caller);
  }

  /**
   * Returns as whom a build acts that shows a ticket.
   *
   * @throws RefusedBuildException if it may not act any more
   */
  public Caller ofTicket(String ticket) throws RefusedBuildException {
    Facts facts;
    try {
      if (ticket.length() > LONGEST_TICKET_CHARS) {
        throw new IllegalArgumentException("too long");
      }
      byte[] sealed = Base64.getUrlDecoder().decode(ticket.substring(TICKET_PREFIX.length()));
      facts = JsonMapper.shared().readValue(sealer.open(sealed, CONTEXT).reveal(), Facts.class);
    } catch (IllegalArgumentException | IllegalStateException | JacksonException e) {
      throw new RefusedBuildException("build-token-invalid", "The build's ticket is not valid.");
    }
    if (clock.instant().getEpochSecond() >= facts.expiresAtSeconds()) {
      throw new RefusedBuildException(
          "build-token-expired", "The build's ticket is past its time; exchange another token.");
    }
    Issuer issuer = settings.issuers().get(facts.issuer());
    if (issuer == null) {
      throw notAllowed("");
    }
    try (Places.Place place = enter(issuer)) {
      return caller(facts);
    }
  }

  /** Takes a place before a token is spent, so that a busy server costs no build its token. */
  private Places.Place enter(Issuer issuer) throws RefusedBuildException {
    return places
        .enter("issuer " + issuer.name())
        .orElseThrow(
            () ->
                new RefusedBuildException(
                    RefusedBuildException.BUSY, "Too many builds ask at once; try again."));
  }

  /** Forgets spent tokens that have expired; a purge. */
  public long purge(Instant now) {
    return spent.purge(now);
  }

  private Facts spend(TokenVerifier.Shown shown) throws RefusedBuildException {
    TokenVerifier.Verified verified = verifier.verify(shown);
    Issuer issuer = verified.issuer();
    ApplicationConfig application =
        issuer.application() == null ? null : applications.get(issuer.application());
    Facts facts = Claims.read(verified, application == null ? null : application.publicUrl());
    JWTClaimsSet claims = verified.claims();
    if (rules(facts).isEmpty()) {
      throw notAllowed("The build is " + facts.build() + ".");
    }
    String id = claims.getJWTID();
    if (!spent.spend(
        issuer.name() + "\n" + (id == null ? verified.signedText() : "jti " + id),
        claims.getExpirationTime().toInstant())) {
      throw new RefusedBuildException(
          "build-token-replayed",
          "The build's token was shown before; for several requests exchange it for a ticket.",
          "The build is " + facts.build() + ".");
    }
    return facts;
  }

  private List<Rule> rules(Facts facts) {
    String branch = facts.branch();
    return settings.rules().stream()
        .filter(rule -> rule.issuer().equals(facts.issuer()))
        .filter(rule -> rule.jobs().stream().anyMatch(job -> RulePaths.matches(job, facts.job())))
        .filter(
            rule ->
                rule.branches().isEmpty()
                    || (branch != null
                        && rule.branches().stream()
                            .anyMatch(pattern -> RulePaths.matches(pattern, branch))))
        .toList();
  }

  private Caller caller(Facts facts) throws RefusedBuildException {
    Issuer issuer = settings.issuers().get(facts.issuer());
    List<Rule> rules = rules(facts);
    if (issuer == null || rules.isEmpty()) {
      throw notAllowed("");
    }
    String name = starter(issuer, facts);
    Person person =
        directory
            .find(name)
            .filter(Person::active)
            .orElseThrow(
                () ->
                    new RefusedBuildException(
                        "build-person-unknown",
                        "Who started the build is nobody who may act here.",
                        "The build is " + facts.build() + ", started by '" + name + "'."));
    return new Caller(
        person, facts.build(), (link, method, path) -> refusal(rules, link, method, path));
  }

  private static @Nullable String refusal(
      List<Rule> rules, String link, String method, CanonicalPath path) {
    boolean allowed =
        rules.stream()
            .filter(rule -> rule.links().stream().anyMatch(link::equalsIgnoreCase))
            .anyMatch(rule -> RulePaths.allow(rule.allow(), method, path));
    return allowed
        ? null
        : "No rule lets builds of this job and branch send this request through this link.";
  }

  private String starter(Issuer issuer, Facts facts) throws RefusedBuildException {
    JenkinsBuilds builds = jenkins.get(issuer.name());
    JenkinsBuilds.Roots roots =
        builds != null
            ? builds.roots(facts)
            : new JenkinsBuilds.Roots(
                facts.trigger() != null || facts.actor() == null ? Set.of() : Set.of(facts.actor()),
                facts.trigger() == null ? Set.of() : Set.of(facts.trigger()));
    if (roots.people().size() > 1) {
      throw nobody(facts, "Several people started the build, so it acts as none of them.");
    }
    String person = null;
    if (roots.people().size() == 1) {
      person = issuer.personOf(roots.people().iterator().next());
    } else if (roots.triggers().equals(Set.of(Trigger.TIMER))) {
      person = issuer.timerRunsAs();
    } else if (roots.triggers().equals(Set.of(Trigger.CHANGE))) {
      person = issuer.changesRunAs();
    }
    if (person == null) {
      throw nobody(facts, "Nobody who is known here started the build, so it acts as nobody.");
    }
    return person;
  }

  private static RefusedBuildException notAllowed(String detail) {
    return new RefusedBuildException(
        "build-not-allowed", "No rule lets builds of this job and branch act as people.", detail);
  }

  private static RefusedBuildException nobody(Facts facts, String sentence) {
    return new RefusedBuildException(
        "build-nobody", sentence, "The build is " + facts.build() + ".");
  }
}
