package dev.onbehalf.server.link;

import dev.onbehalf.applinks.ApplicationId;
import dev.onbehalf.applinks.ApplicationLink;
import dev.onbehalf.applinks.ApplicationLinks;
import dev.onbehalf.applinks.ConsumerTokenStore;
import dev.onbehalf.applinks.InMemoryConsumerTokenStore;
import dev.onbehalf.applinks.JdbcConsumerTokenStore;
import dev.onbehalf.applinks.PeerReader;
import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Places;
import dev.onbehalf.server.web.Routes;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The links of this server: what every room uses that calls another application as a person ({@code
 * docs/peer-facts.md} 1.11). Safe for several threads; every look-up sees what other nodes have
 * changed.
 */
public final class Links {
  /** Path of the page on which a person authorises a link. */
  public static final String AUTHORIZE_PATH =
      "/plugins/servlet/applinks/oauth/login-dance/authorize";

  /** Path of the page on which people see where they can act. */
  public static final String MY_LINKS_PATH = MyLinksEndpoint.PATH;

  private final Parts parts;
  private final JdbiLinkStore store;
  private final ConsumerTokenStore tokens;
  private final AddressGuard guard;
  private final LinkAdministration administration;
  private final Map<UUID, Live> live = new ConcurrentHashMap<>();

  /**
   * What links are made of.
   *
   * @param http adjusts the HTTP client, as for authorities to trust
   * @param places for authorisations that wait for a peer
   */
  public record Parts(
      Configuration configuration,
      Database database,
      Sealer sealer,
      InstanceIdentity identity,
      AuditTrail audit,
      Directory directory,
      InstantSource clock,
      UnaryOperator<HttpClient.Builder> http,
      Places places) {}

  /** A link ready for calls, for as long as neither it nor the key pair changes. */
  private record Live(long revision, String keyId, ApplicationLink link) {}

  private Links(Parts parts, AddressGuard guard) {
    this.parts = parts;
    this.guard = guard;
    store = new JdbiLinkStore(parts.database(), parts.sealer());
    tokens =
        new PersonTokens(
            new JdbcConsumerTokenStore(
                parts.database().dataSource(), new SealedTokens(parts.sealer())),
            parts.directory());
    administration =
        new LinkAdministration(store, tokens, parts.identity(), parts.audit(), parts.clock());
  }

  /** Opens the links over a migrated database. */
  public static Links open(Parts parts) {
    return open(parts, InetAddress::getAllByName);
  }

  static Links open(Parts parts, AddressGuard.Resolver resolver) {
    Configuration configuration = parts.configuration();
    return new Links(
        parts,
        new AddressGuard(
            configuration.links().privateNetworks(),
            configuration.outgoing().proxy() != null,
            resolver));
  }

  /** Returns all links in the order of their names. */
  public List<Link> all() {
    return store.all();
  }

  /** Finds a link by its id, or by its name in any case. */
  public Optional<Link> find(String idOrName) {
    return store.find(idOrName);
  }

  /**
   * Finds a link by id or name and has {@code person} act through it.
   *
   * @param person a user name of the directory, which is also the name at the peer
   */
  public Optional<ApplicationLink> actingAs(String idOrName, String person) {
    return find(idOrName).map(link -> applicationLink(link).actingAs(person));
  }

  /** Returns a link for calls; say who acts by {@link ApplicationLink#actingAs}. */
  public ApplicationLink applicationLink(Link link) {
    String keyId = link.signatureMethod().isRsa() ? parts.identity().keyId() : "";
    return Objects.requireNonNull(
            live.compute(
                link.id(),
                (id, before) ->
                    before != null
                            && before.revision() == link.revision()
                            && before.keyId().equals(keyId)
                        ? before
                        : new Live(link.revision(), keyId, build(link, tokens))))
        .link();
  }

  /** Returns where a person authorises a link, below a public URL of this server. */
  public static String authorizePath(Link link, @Nullable String redirectUrl) {
    return authorizePath(link.id().toString(), redirectUrl);
  }

  private static String authorizePath(String id, @Nullable String redirectUrl) {
    String path = AUTHORIZE_PATH + "?applicationLinkID=" + id;
    return redirectUrl == null
        ? path
        : path + "&redirectUrl=" + URLEncoder.encode(redirectUrl, StandardCharsets.UTF_8);
  }

  /** Adds the pages on which people authorise links. */
  public Links addRoutes(Routes routes, Pages pages, Sessions sessions, SignIn signIn) {
    List<PublicUrl> sites = sites();
    LoginDanceEndpoint dance =
        new LoginDanceEndpoint(
            this,
            new OwnSites(sites),
            new DanceState(parts.sealer()),
            sessions,
            signIn,
            pages,
            parts.audit(),
            parts.clock(),
            parts.places());
    MyLinksEndpoint mine =
        new MyLinksEndpoint(this, sessions, signIn, pages, parts.audit(), parts.clock());
    routes
        .add(AUTHORIZE_PATH, Methods.get(dance::authorize))
        .add(LoginDanceEndpoint.ACCESS_PATH, Methods.get(dance::access))
        .add(MY_LINKS_PATH, Methods.get(mine::list).andPost(mine::forget));
    return this;
  }

  /** Tells peers who this server is; {@code consumers} says what they may do here. */
  public Links publish(Routes routes, PeerConsumers consumers, RequestAuthenticator authenticator) {
    ManifestEndpoint manifest = new ManifestEndpoint(this, consumers, authenticator);
    RemoteAdministration.addTo(routes, manifest::find);
    return this;
  }

  /**
   * Asks a peer who it is.
   *
   * @param name for messages
   * @param privateAddresses whether it may be in the private networks of the configuration
   * @throws ResponseException if it cannot be reached or answers something else
   */
  public Discovery discover(String name, URI url, boolean privateAddresses)
      throws ResponseException {
    PeerDocuments documents = documents(privateAddresses);
    Manifest manifest = documents.manifest(name, url).orElse(null);
    PeerDocuments.ConsumerInfo info = documents.consumerInfo(name, url).orElse(null);
    return new Discovery(
        manifest == null
            ? null
            : new Discovery.PeerManifest(
                manifest.id(), manifest.name(), manifest.typeId(), manifest.url().toString()),
        info == null
            ? null
            : new Discovery.PeerConsumer(info.key(), info.name(), info.publicKey()));
  }

  /**
   * Tries every way of a link that is on; changes nothing.
   *
   * @param person who acts where somebody must; null for nobody
   */
  public LinkReport test(Link link, @Nullable String person) {
    PublicUrl site = sites().stream().findFirst().orElse(null);
    return new LinkCheck(
            link,
            applicationLink(link),
            build(link, new InMemoryConsumerTokenStore()),
            documents(link.privateAddresses()),
            site == null ? null : ManifestEndpoint.idOf(site),
            site == null ? null : URI.create(site.with(LoginDanceEndpoint.ACCESS_PATH)),
            guide(link))
        .run(person);
  }

  /** Returns what to enter at the peer so that it knows this server. */
  public List<LinkGuide.Field> guide(Link link) {
    return LinkGuide.fields(link, parts.identity(), callback().orElse(null));
  }

  /** Returns where people return to from a dance; empty where there is no public URL. */
  public Optional<String> callback() {
    return sites().stream().findFirst().map(site -> site.with(LoginDanceEndpoint.ACCESS_PATH));
  }

  /** Returns where people of another such server return to from a dance. */
  public static String callbackOf(URI peer) {
    return peer + LoginDanceEndpoint.ACCESS_PATH;
  }

  /** Returns the ids by which peers know the applications of this server. */
  public List<UUID> ownIds() {
    return sites().stream().map(ManifestEndpoint::idOf).toList();
  }

  private PeerDocuments documents(boolean privateAddresses) {
    return new PeerDocuments(
        new PeerReader(parts.http(), target -> guard.check(target, privateAddresses)));
  }

  private List<PublicUrl> sites() {
    return parts.configuration().applications().stream().map(ApplicationConfig::publicUrl).toList();
  }

  /** Changes links. */
  public LinkAdministration administration() {
    return administration;
  }

  private ApplicationLink build(Link link, ConsumerTokenStore store) {
    ApplicationLinks.Builder builder =
        ApplicationLinks.builder()
            .link(link.details(signer(link)))
            .tokens(store)
            .httpClient(parts.http())
            .clock(parts.clock())
            .targetCheck(target -> guard.check(target, link.privateAddresses()));
    parts.configuration().applications().stream()
        .findFirst()
        .ifPresent(
            application ->
                builder.authorisationPage(
                    (id, callback) -> authorisationPage(application.publicUrl(), id, callback)));
    return builder.build().getApplicationLinks().get(0);
  }

  private static URI authorisationPage(PublicUrl site, ApplicationId id, @Nullable URI callback) {
    return URI.create(
        site.with(authorizePath(id.get(), callback == null ? null : callback.toString())));
  }

  private Signer signer(Link link) {
    SignatureMethod method = link.signatureMethod();
    return method.isRsa()
        ? parts.identity().signer(method, link.consumerKey())
        : Signer.hmac(method, link.consumerKey(), Objects.requireNonNull(link.secret(), "secret"));
  }
}
