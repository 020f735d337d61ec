package dev.onbehalf.server.gateway;

import dev.onbehalf.server.access.ArrivalWitness;
import dev.onbehalf.server.access.RawArrival;
import dev.onbehalf.server.web.Arrival;
import dev.onbehalf.server.web.RequestIds;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebAdapter;
import dev.onbehalf.server.web.WebResponse;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The first room of every request: whose is it, ours or an application's? */
final class GatewayHandler extends Handler.Abstract.NonBlocking {
  private final Sites sites;
  private final TrustedProxies proxies;
  private final Routes routes;
  private final WebAdapter web;
  private final RateLimits limits;
  private final Decisions decisions;
  private final ArrivalWitness witness;
  private final List<OwnSite> ownSites;

  GatewayHandler(
      Sites sites,
      List<OwnSite> ownSites,
      TrustedProxies proxies,
      Routes routes,
      WebAdapter web,
      RateLimits limits,
      Decisions decisions,
      ArrivalWitness witness) {
    this.sites = sites;
    this.ownSites = List.copyOf(ownSites);
    this.proxies = proxies;
    this.routes = routes;
    this.web = web;
    this.limits = limits;
    this.decisions = decisions;
    this.witness = witness;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (doubtfullyFramed(request)) {
      Answers.closing(
          response,
          callback,
          400,
          "The only transfer coding is chunked, and from HTTP/1.1 on.",
          "-");
      return true;
    }
    HttpURI uri = request.getHttpURI();
    String rawPath = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
    InetAddress peer = Arrived.peer(request);
    if (rawPath.contains(ArrivalWitness.PATH) && testified(request, response, callback, rawPath)) {
      return true;
    }
    String authority = authority(request, peer);
    InetAddress client = proxies.client(peer, request.getHeaders());
    for (OwnSite own : ownSites) {
      if (own.at(authority) && own.covers(rawPath)) {
        serve(own, request, response, callback, rawPath, client);
        return true;
      }
    }
    Site site = sites.find(authority, rawPath);
    if (site == null) {
      Answers.sentence(
          response, callback, 404, "No application is configured at this address.", "-");
      return true;
    }
    Arrived arrived = new Arrived(request, response, callback, site, rawPath, client);
    if (!limits.admits(arrived)) {
      return true;
    }
    if (site.confined() && Confinement.climbs(rawPath)) {
      arrived.meters().refused("dot-segments");
      arrived.refuse(400, "The path leaves the application; send it without dot segments.");
      return true;
    }
    String method = request.getMethod();
    if (method.equals("TRACE") || method.equals("CONNECT")) {
      arrived.meters().refused("method");
      arrived.refuse(405, "The method " + method + " is not allowed here.");
      return true;
    }
    if (Routes.reserved(arrived.path()) || routes.find(arrived.path()).isPresent()) {
      if (limits.admitsCheck(arrived)) {
        arrived.meters().ownPages();
        web.handle(request, response, callback, arrival(arrived));
      }
      return true;
    }
    decisions.decide(arrived);
    return true;
  }

  /** Framing that another server on the way may read differently (RFC 9112 section 6.1). */
  private static boolean doubtfullyFramed(Request request) {
    HttpFields headers = request.getHeaders();
    if (!headers.contains(HttpHeader.TRANSFER_ENCODING)) {
      return false;
    }
    List<String> codings = headers.getValuesList(HttpHeader.TRANSFER_ENCODING);
    return request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1
        || codings.size() != 1
        || !codings.get(0).strip().equalsIgnoreCase("chunked");
  }

  private boolean testified(Request request, Response response, Callback callback, String rawPath) {
    InetAddress peer = Arrived.peer(request);
    HttpFields headers = request.getHeaders();
    Map<String, List<String>> forwarding = new TreeMap<>();
    for (HttpField field : headers) {
      String name = field.getLowerCaseName();
      if (name.equals("forwarded") || name.startsWith("x-forwarded-")) {
        forwarding.put(name, headers.getValuesList(name));
      }
    }
    String host = headers.get(HttpHeader.HOST);
    String testimony =
        witness.testimony(
            new RawArrival(
                peer,
                proxies.contains(peer),
                host != null ? host : request.getHttpURI().getAuthority(),
                rawPath,
                request.getHttpURI().getQuery(),
                forwarding));
    if (testimony == null) {
      return false;
    }
    WebResponse answer =
        WebResponse.of(200, "application/json", testimony).with("Cache-Control", "no-store");
    Answers.exact(response, callback, answer, RequestIds.next());
    return true;
  }

  private @Nullable String authority(Request request, InetAddress peer) {
    HttpFields headers = request.getHeaders();
    if (proxies.contains(peer)) {
      String forwarded = headers.getLast(HttpHeader.X_FORWARDED_HOST);
      if (forwarded != null) {
        String last = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
        if (sites.knows(last) || ownSites.stream().anyMatch(own -> own.at(last))) {
          return last;
        }
      }
    }
    String host = headers.get(HttpHeader.HOST);
    return host != null ? host : request.getHttpURI().getAuthority();
  }

  private void serve(
      OwnSite own,
      Request request,
      Response response,
      Callback callback,
      String rawPath,
      InetAddress client) {
    String id = RequestIds.next();
    long wait = limits.secondsToWait(client, own.name(), id);
    if (wait > 0) {
      Answers.exact(response, callback, RateLimits.tooMany(wait, id), id);
      return;
    }
    Arrival arrival =
        new Arrival(
            id,
            own.name(),
            own.url(),
            List.of(),
            own.inside(rawPath),
            request.getHttpURI().getQuery(),
            client.getHostAddress());
    int bytes = own.bodyBytes().applyAsInt(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    own.web().handle(request, response, callback, arrival, own.handler(), bytes);
  }

  private static Arrival arrival(Arrived arrived) {
    return new Arrival(
        arrived.id(),
        arrived.application().name(),
        arrived.application().config().publicUrl(),
        arrived.application().signable(arrived.path()),
        arrived.path(),
        arrived.rawQuery(),
        arrived.clientAddress());
  }
}
