package dev.onbehalf.applinks;

import dev.onbehalf.applinks.application.ApplicationType;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The links a program was configured with. Immutable, safe for several threads. */
public final class ApplicationLinks implements ApplicationLinkService {
  private final Map<ApplicationId, ApplicationLink> links = new LinkedHashMap<>();

  private ApplicationLinks(Builder builder) {
    LinkContext context =
        new LinkContext(
            builder.tokens,
            new HttpTransport(builder.http, builder.targets),
            builder.clock,
            builder.retries,
            builder.authorisationPage);
    for (ApplicationLinkDetails details : builder.links) {
      if (links.put(details.id(), new ConfiguredLink(details, context, builder.person)) != null) {
        throw new IllegalArgumentException("Two links have the identifier " + details.id() + ".");
      }
    }
  }

  /** Begins with no link, tokens in memory and nobody acting. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public @Nullable ApplicationLink getApplicationLink(ApplicationId id) {
    return links.get(id);
  }

  @Override
  public List<ApplicationLink> getApplicationLinks() {
    return List.copyOf(links.values());
  }

  @Override
  public List<ApplicationLink> getApplicationLinks(Class<? extends ApplicationType> type) {
    List<ApplicationLink> found = new ArrayList<>();
    int primaries = 0;
    for (ApplicationLink link : links.values()) {
      if (type.isInstance(link.getType())) {
        found.add(link.isPrimary() ? primaries++ : found.size(), link);
      }
    }
    return List.copyOf(found);
  }

  @Override
  public @Nullable ApplicationLink getPrimaryApplicationLink(
      Class<? extends ApplicationType> type) {
    List<ApplicationLink> found = getApplicationLinks(type);
    return found.isEmpty() ? null : found.get(0);
  }

  /** Collects links and what they share. Not for several threads. */
  public static final class Builder {
    private final List<ApplicationLinkDetails> links = new ArrayList<>();
    private ConsumerTokenStore tokens = new InMemoryConsumerTokenStore();
    private UnaryOperator<HttpClient.Builder> http = UnaryOperator.identity();
    private TargetCheck targets = target -> {};
    private InstantSource clock = InstantSource.system();
    private Retries retries = new Retries(Retries.DEFAULT);
    private Supplier<@Nullable String> person = () -> null;
    private @Nullable BiFunction<ApplicationId, @Nullable URI, URI> authorisationPage;

    private Builder() {}

    /** Adds a link. */
    public Builder link(ApplicationLinkDetails link) {
      links.add(Objects.requireNonNull(link, "link"));
      return this;
    }

    /** Keeps people's tokens in {@code store}, in place of memory. */
    public Builder tokens(ConsumerTokenStore store) {
      tokens = Objects.requireNonNull(store, "store");
      return this;
    }

    /**
     * Says who acts: a user name, the same as at the peers; asked whenever a request factory is
     * made. Null stands for nobody.
     */
    public Builder actingPerson(Supplier<@Nullable String> person) {
      this.person = Objects.requireNonNull(person, "person");
      return this;
    }

    /**
     * Says where people authorise links on a site of the program's own: from the link and the
     * address to return to at last (null for none) to the page that starts the {@link LoginDance}.
     */
    public Builder authorisationPage(BiFunction<ApplicationId, @Nullable URI, URI> page) {
      authorisationPage = Objects.requireNonNull(page, "page");
      return this;
    }

    /** Adjusts the HTTP client: a proxy, authorities to trust. Redirects stay off. */
    public Builder httpClient(UnaryOperator<HttpClient.Builder> settings) {
      http = Objects.requireNonNull(settings, "settings");
      return this;
    }

    /**
     * Limits how often a GET, HEAD, PUT, DELETE or OPTIONS is repeated where the peer cannot be
     * reached or the connection breaks off, each time signed anew; 2 where not set. Other requests
     * are never repeated, and neither is one the peer is slow to answer.
     *
     * @param most 0 to 8
     * @throws IllegalArgumentException if it is outside
     */
    public Builder retries(int most) {
      retries = new Retries(most);
      return this;
    }

    /** Asks {@code check} before every request where it may go; without it, anywhere. */
    public Builder targetCheck(TargetCheck check) {
      targets = Objects.requireNonNull(check, "check");
      return this;
    }

    /** Takes the time from {@code clock}. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Makes the service.
     *
     * @throws IllegalArgumentException if two links have the same identifier
     */
    public ApplicationLinks build() {
      return new ApplicationLinks(this);
    }
  }
}
