package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.oauth1.TimestampWindow;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.Grants;
import dev.onbehalf.server.access.ImpersonationLimits;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.access.RefusalListener;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.access.SignatureKeys;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ProviderConfig;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Nonces;
import dev.onbehalf.server.store.Purger;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OAuth 1.0a service provider (RFC 5849, {@code docs/peer-facts.md} section 1): consumers,
 * consent, tokens, and who a signed request is. Open it once per process, close it last but for the
 * database.
 */
public final class Provider implements AutoCloseable {
  /** Path of the page on which people see and withdraw what they granted. */
  public static final String TOKENS_PATH = "/plugins/servlet/oauth/users/access-tokens";

  private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
  private static final String ATLASSIAN = "/plugins/servlet/oauth/";
  private static final Duration USAGE_INTERVAL = Duration.ofSeconds(30);
  private static final Duration REQUEST_TOKENS_KEPT = Duration.ofHours(1);
  private static final Duration CHANGES_KEPT = Duration.ofHours(1);

  private final Parts parts;
  private final Changes changes;
  private final ChangeFeed feed;
  private final JdbiRequestTokenStore requestTokens;
  private final JdbiAccessTokenStore accessTokens;
  private final ConsumerCache consumers;
  private final AccessTokenCache tokenCache;
  private final TokenFactory factory;
  private final UsageLog usage;
  private final SignedMessages messages;
  private final SignedRequestAuthenticator authenticator;
  private final ProviderAdministration administration;
  private final InstanceKeys keys;
  private final RsaEngine engine;
  private final Recorder recorder;
  private final Refusals refusals;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread created = new Thread(task, "provider");
            created.setDaemon(true);
            return created;
          });
  private volatile boolean pollFailed;

  /** What a provider is made of. */
  public record Parts(
      Configuration configuration,
      Database database,
      Sealer sealer,
      Nonces nonces,
      AuditTrail audit,
      Directory directory,
      InstantSource clock) {}

  private Provider(Parts parts) {
    this.parts = parts;
    InstantSource clock = parts.clock();
    engine = RsaEngines.of(parts.configuration().provider().rsa());
    changes = new Changes(clock);
    feed = new ChangeFeed(parts.database(), changes, System::nanoTime);
    JdbiConsumerStore consumerStore =
        new JdbiConsumerStore(parts.database(), parts.sealer(), changes);
    TokenRows rows = new TokenRows(parts.sealer());
    accessTokens = new JdbiAccessTokenStore(parts.database(), rows, changes, clock);
    requestTokens = new JdbiRequestTokenStore(parts.database(), rows, accessTokens, clock);
    consumers = new ConsumerCache(consumerStore, feed, engine);
    tokenCache = new AccessTokenCache(accessTokens, feed);
    factory = new TokenFactory(clock, parts.configuration().provider());
    usage = new UsageLog(consumerStore, accessTokens);
    refusals = new Refusals(consumers, requestTokens, tokenCache);
    recorder = new Recorder(parts.audit(), clock, refusals);
    messages =
        new SignedMessages(
            consumers,
            parts.nonces(),
            new TimestampWindow(clock, parts.configuration().provider().timestampWindow()),
            clock,
            usage,
            engine,
            SignedMessages.nobodysKey());
    Map<String, String> realms = new HashMap<>();
    parts
        .configuration()
        .applications()
        .forEach(application -> realms.put(application.name(), application.publicUrl().toString()));
    authenticator =
        new SignedRequestAuthenticator(
            messages,
            tokenCache,
            factory,
            parts.directory(),
            usage,
            clock,
            realms,
            protectedPeople(),
            refusals);
    keys = new InstanceKeys(parts.database(), parts.sealer(), clock);
    administration =
        new ProviderAdministration(
            consumerStore,
            accessTokens,
            feed,
            usage,
            parts.directory(),
            realms.keySet(),
            parts.audit(),
            clock,
            keys);
  }

  /**
   * Opens the provider; at the first start it makes the instance's own key pair.
   *
   * @throws RuntimeException if the database cannot be read or written
   */
  public static Provider open(Parts parts) {
    Provider provider = new Provider(parts);
    provider.keys.ensure();
    provider.feed.poll();
    provider.startThread();
    return provider;
  }

  /** Adds the endpoints and pages of both path families to {@code routes}. */
  public Provider addRoutes(Routes routes, Pages pages, Sessions sessions, SignIn signIn) {
    TokenEndpoints tokens =
        new TokenEndpoints(
            messages,
            factory,
            requestTokens,
            accessTokens,
            feed,
            parts.directory(),
            recorder,
            parts.clock());
    ConsentEndpoint consent =
        new ConsentEndpoint(
            consumers,
            requestTokens,
            factory,
            new ConsentChoices(parts.configuration().provider(), parts.clock()),
            sessions,
            signIn,
            pages,
            recorder,
            parts.clock());
    TokensEndpoint ownTokens =
        new TokensEndpoint(consumers, accessTokens, feed, sessions, signIn, pages, recorder);
    routes
        .add(ATLASSIAN + "request-token", tokens.requestToken())
        .add(ATLASSIAN + "access-token", tokens.accessToken())
        .add(ATLASSIAN + "authorize", consent.handler())
        .add(ATLASSIAN + "consumer-info", Methods.get(new ConsumerInfoEndpoint(keys)))
        .add(TOKENS_PATH, ownTokens.handler())
        .add(
            "/plugins/servlet/applinks/whoami",
            Methods.get(new WhoAmIEndpoint(authenticator, sessions, recorder)))
        .add("/bitbucket/oauth/request-token", tokens.requestToken())
        .add("/bitbucket/oauth/access-token", tokens.accessToken())
        .add("/bbs-oauth/authorize", consent.handler());
    return this;
  }

  /** Lets {@code listener} hear of every refused signature. */
  public Provider tell(RefusalListener listener) {
    refusals.tell(listener);
    return this;
  }

  /** Returns the keys a diagnosis may try. */
  public SignatureKeys signatureKeys() {
    return refusals;
  }

  /** Says who a signed request is. */
  public RequestAuthenticator authenticator() {
    return authenticator;
  }

  public ProviderAdministration administration() {
    return administration;
  }

  public InstanceKeys keys() {
    return keys;
  }

  /**
   * Signs as this instance, with its current key pair.
   *
   * @throws IllegalArgumentException if {@code method} is no RSA method
   */
  public Signer signer(SignatureMethod method, String consumerKey) {
    return Signer.rsa(method, consumerKey, keys.signingPair().getPrivate(), engine);
  }

  /** Returns who may be impersonated only by consumers whose record says so. */
  public Predicate<Person> protectedPeople() {
    ProviderConfig config = parts.configuration().provider();
    return ImpersonationLimits.listed(config.protectedUsers(), config.protectedGroups());
  }

  /** Returns what a policy must know of a caller. */
  public Grants grants() {
    return this::grant;
  }

  /** Has what expired removed by the one purge job. */
  public Provider register(Purger purger) {
    purger.register("provider", this::purge);
    return this;
  }

  long purge(Instant now) {
    parts
        .database()
        .execute(
            handle ->
                handle.execute(
                    "DELETE FROM provider_change WHERE at_ms < ?",
                    now.minus(CHANGES_KEPT).toEpochMilli()));
    usage.flush();
    return requestTokens.purge(now.minus(REQUEST_TOKENS_KEPT))
        + (long) accessTokens.purge(now, parts.configuration().provider().idleLimit());
  }

  /** Stops following changes and writes when tokens were last used. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      usage.flush();
    } catch (RuntimeException e) {
      LOG.warn("When tokens were last used could not be written at the end.", e);
    }
  }

  private Optional<Grants.Grant> grant(Caller caller) {
    LiveConsumer live = consumers.find(caller.consumerKey());
    if (live == null) {
      return Optional.empty();
    }
    ConsumerLimits limits = live.consumer().limits();
    List<Permissions> permissions = new ArrayList<>(List.of(limits.permissions()));
    if (caller.tokenId() != null) {
      AccessToken token = tokenCache.findById(caller.tokenId());
      if (token == null) {
        return Optional.empty();
      }
      if (token.permissions() != null) {
        permissions.add(token.permissions());
      }
    }
    return Optional.of(new Grants.Grant(permissions, limits.impersonation()));
  }

  private void startThread() {
    long poll = ChangeFeed.POLL_INTERVAL.toMillis();
    var unusedPoll = thread.scheduleWithFixedDelay(this::poll, poll, poll, TimeUnit.MILLISECONDS);
    var unusedFlush =
        thread.scheduleWithFixedDelay(
            this::flush,
            USAGE_INTERVAL.toMillis(),
            USAGE_INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void poll() {
    try {
      feed.poll();
      pollFailed = false;
    } catch (RuntimeException e) {
      if (!pollFailed) {
        LOG.warn("Changes cannot be read; signed requests are refused until they can.", e);
      }
      pollFailed = true;
    }
  }

  private void flush() {
    try {
      usage.flush();
    } catch (RuntimeException e) {
      LOG.warn("When tokens were last used could not be written; it is tried again.", e);
    }
  }
}
