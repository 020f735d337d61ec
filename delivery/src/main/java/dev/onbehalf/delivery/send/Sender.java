package dev.onbehalf.delivery.send;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.Report;
import dev.onbehalf.delivery.Text;
import dev.onbehalf.delivery.send.DeliveryException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends reports to one or more sites at once and tells what became of them.
 *
 * <p>With a spool directory a report is on disk before it is sent and leaves it once the site has
 * answered; what is kept goes first the next time, in order. Safe for threads. Follows {@code
 * docs/peer-facts.md} section 2.
 */
public final class Sender implements AutoCloseable {
  private final List<SiteSender> sites;
  private final Map<String, String> properties;
  private final InstantSource clock;
  private final Duration patience;
  private final ExecutorService threads;

  private Sender(Builder builder) {
    Http http = new Http(builder.http, builder.proxy, builder.connectTimeout, builder.timeout);
    this.properties = Map.copyOf(builder.properties);
    this.clock = builder.clock;
    this.patience = builder.patience;
    this.sites = new ArrayList<>();
    for (Site site : builder.sites) {
      Caller caller =
          new Caller(
              http,
              builder.clock,
              builder.sleeper,
              builder.random,
              builder.attempts,
              builder.firstDelay);
      Channel channel =
          site.kind() == Site.Kind.RELAY
              ? new RelayChannel(site, caller)
              : new CloudChannel(site, caller);
      sites.add(new SiteSender(site, channel, spool(builder.spool, site), clock, patience));
    }
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "onbehalf-sender");
              thread.setDaemon(true);
              return thread;
            });
  }

  public static Builder builder() {
    return new Builder();
  }

  private static @Nullable Spool spool(@Nullable Path directory, Site site) {
    if (directory == null) {
      return null;
    }
    String readable = site.name().replaceAll("[^a-z0-9.-]", "_");
    try {
      return Spool.in(directory.resolve(Text.fit(readable, 80) + "-" + Text.digest(site.name())));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The spool directory %s cannot be used: %s".formatted(directory, e.getMessage()), e);
    }
  }

  /** Sends reports of one kind; see {@link #send(Collection)}. */
  public SendResult send(Report report) {
    return send(List.of(report));
  }

  /**
   * Sends the reports, all of one kind, to every site. Never throws for what a site does or fails
   * to do; throws {@link IllegalArgumentException} for no report or several kinds.
   */
  public SendResult send(Collection<? extends Report> reports) {
    DataType type = typeOf(reports);
    return new SendResult(
        everywhere(
            site ->
                site.send(
                    type,
                    properties,
                    new ArrayList<>(reports.stream().map(Report::toJson).toList()))));
  }

  /**
   * Keeps the reports, all of one kind, for every site, to be sent by the next {@link #flush}.
   * Throws {@link IOException} where the spool cannot be written, {@link IllegalStateException}
   * where there is none.
   */
  public void keep(Collection<? extends Report> reports) throws IOException {
    DataType type = typeOf(reports);
    for (SiteSender site : sites) {
      site.keep(type, properties, new ArrayList<>(reports.stream().map(Report::toJson).toList()));
    }
  }

  /**
   * Passes a bulk body made elsewhere on to the only site and returns its answer; nothing is kept.
   * Throws {@link DeliveryException} where there is no answer, {@link IllegalStateException} where
   * there are more sites.
   */
  public JsonNode forward(DataType type, ObjectNode body) throws DeliveryException {
    return only().channel().post(type, body, clock.instant().plus(patience));
  }

  /** Returns the site's own answer to the question of {@link #gate}; throws as that does. */
  public JsonNode forwardGate(String pipelineId, String environmentId, long deployment)
      throws DeliveryException {
    return only()
        .channel()
        .gate(pipelineId, environmentId, deployment, clock.instant().plus(patience));
  }

  private SiteSender only() {
    if (sites.size() != 1) {
      throw new IllegalStateException("This is asked of exactly one site; name it.");
    }
    return sites.get(0);
  }

  /** Returns the body that would be posted, with the sequence numbers of this moment. */
  public JsonNode preview(Collection<? extends Report> reports) {
    DataType type = typeOf(reports);
    List<ObjectNode> entities = reports.stream().map(Report::toJson).toList();
    long number = clock.instant().toEpochMilli();
    for (ObjectNode entity : entities) {
      Spool.stamp(type, entity, number++);
    }
    return Batch.body(type, properties, entities);
  }

  /** Sends what is kept for each site. */
  public List<FlushResult> flush() {
    return everywhere(
        site -> {
          SiteSender.Flushed done = site.flush();
          return new FlushResult(
              site.site().name(), done.sent(), done.kept(), done.results(), done.problem());
        });
  }

  /**
   * Asks the only site for the gate of a deployment. Throws {@link IllegalStateException} when
   * there are more sites, {@link DeliveryException} when there is no answer; kind {@code NOT_FOUND}
   * where the site does not know the deployment yet.
   */
  public GateStatus gate(String pipelineId, String environmentId, long deploymentSequenceNumber)
      throws DeliveryException {
    JsonNode answer = forwardGate(pipelineId, environmentId, deploymentSequenceNumber);
    String word = answer.path("gatingStatus").asString("");
    GateStatus.State state =
        GateStatus.State.of(word)
            .orElseThrow(
                () ->
                    new DeliveryException(
                        Kind.REFUSED,
                        "The site answered with the unknown gating status '%s'."
                            .formatted(Text.fit(word, 60))));
    List<String> issues = new ArrayList<>();
    for (JsonNode detail : answer.path("details")) {
      String key = detail.path("issueKey").asString("");
      if (!key.isEmpty()) {
        issues.add(key);
      }
    }
    return new GateStatus(state, issues);
  }

  /** Tries site, credential, permissions and clock of each site, by name. */
  public Map<String, List<SiteCheck>> check() {
    Map<String, List<SiteCheck>> checks = new LinkedHashMap<>();
    for (SiteSender site : sites) {
      checks.put(site.site().name(), site.channel().check(clock.instant().plus(patience)));
    }
    return checks;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private <T> List<T> everywhere(Function<SiteSender, T> task) {
    if (sites.size() == 1) {
      return List.of(task.apply(sites.get(0)));
    }
    List<CompletableFuture<T>> running =
        sites.stream()
            .map(site -> CompletableFuture.supplyAsync(() -> task.apply(site), threads))
            .toList();
    return running.stream().map(CompletableFuture::join).toList();
  }

  private static DataType typeOf(Collection<? extends Report> reports) {
    List<DataType> types = reports.stream().map(Report::type).distinct().toList();
    if (types.size() != 1) {
      throw new IllegalArgumentException("Reports must be of one kind. Found %s.".formatted(types));
    }
    return types.get(0);
  }

  /** Collects the settings of a {@link Sender}. */
  public static final class Builder {
    private final List<Site> sites = new ArrayList<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private @Nullable Path spool;
    private UnaryOperator<HttpClient.Builder> http = UnaryOperator.identity();
    private @Nullable ProxySelector proxy;
    private InstantSource clock = InstantSource.system();
    private Sleeper sleeper = duration -> Thread.sleep(duration.toMillis());
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    private int attempts = 4;
    private Duration firstDelay = Duration.ofSeconds(2);
    private Duration patience = Duration.ofSeconds(60);
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration timeout = Duration.ofSeconds(30);

    private Builder() {}

    /** A site to send to; at least one is required. */
    @CanIgnoreReturnValue
    public Builder site(Site site) {
      sites.add(site);
      return this;
    }

    /** Where reports are kept; without one they are lost when a site cannot be reached. */
    @CanIgnoreReturnValue
    public Builder spool(Path directory) {
      spool = directory;
      return this;
    }

    /** Marks every report for a later deletion by property; at most 5 pairs. */
    @CanIgnoreReturnValue
    public Builder property(String key, String value) {
      properties.put(key, value);
      return this;
    }

    /**
     * What connections are made by besides: authorities that are trusted, and a proxy where {@link
     * #proxy} names none. Redirects are never followed.
     */
    @CanIgnoreReturnValue
    public Builder http(UnaryOperator<HttpClient.Builder> settings) {
      http = settings;
      return this;
    }

    /** The proxy to use; by default the one of the Java system properties. */
    @CanIgnoreReturnValue
    public Builder proxy(ProxySelector selector) {
      proxy = selector;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    /** How the waiting between attempts is done. */
    @CanIgnoreReturnValue
    public Builder sleeper(Sleeper waiting) {
      sleeper = waiting;
      return this;
    }

    /** A source of numbers from 0 to 1 for the jitter. */
    @CanIgnoreReturnValue
    public Builder random(DoubleSupplier source) {
      random = source;
      return this;
    }

    /** How often a request is tried, at least once; 4 by default, 2, 4 and 8 s apart. */
    @CanIgnoreReturnValue
    public Builder attempts(int count) {
      attempts = Math.max(1, count);
      return this;
    }

    /** How long sending may wait between attempts, in all; 60 s by default. */
    @CanIgnoreReturnValue
    public Builder patience(Duration duration) {
      patience = duration;
      return this;
    }

    /** How long a connection may take to open; 10 s by default. */
    @CanIgnoreReturnValue
    public Builder connectTimeout(Duration duration) {
      connectTimeout = duration;
      return this;
    }

    /** How long one exchange may take, body included; 30 s by default. */
    @CanIgnoreReturnValue
    public Builder timeout(Duration duration) {
      timeout = duration;
      return this;
    }

    /**
     * Throws {@link IllegalArgumentException} where there is no site, two of the same name, or
     * properties Jira would refuse; {@link UncheckedIOException} where the spool cannot be used.
     */
    public Sender build() {
      if (sites.isEmpty()) {
        throw new IllegalArgumentException("No site is configured.");
      }
      if (sites.stream().map(Site::name).distinct().count() < sites.size()) {
        throw new IllegalArgumentException("Two sites have the same name.");
      }
      if (!properties.isEmpty()) {
        var violations =
            dev.onbehalf.delivery.Shape.properties(5, 255)
                .violations(Caller.JSON.valueToTree(properties));
        if (!violations.isEmpty()) {
          throw new IllegalArgumentException("properties: " + violations.get(0).message());
        }
      }
      return new Sender(this);
    }
  }
}
