package dev.onbehalf.bench.oauth1;

import java.net.URI;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.oauth.OAuth;
import net.oauth.OAuthAccessor;
import net.oauth.OAuthConsumer;
import net.oauth.OAuthMessage;
import net.oauth.signature.OAuthSignatureMethod;
import net.oauth.signature.RSA_SHA1;
import org.glassfish.jersey.internal.inject.Bindings;
import org.glassfish.jersey.internal.inject.InjectionManager;
import org.glassfish.jersey.internal.inject.Injections;
import org.glassfish.jersey.oauth1.signature.OAuth1Parameters;
import org.glassfish.jersey.oauth1.signature.OAuth1Request;
import org.glassfish.jersey.oauth1.signature.OAuth1Secrets;
import org.glassfish.jersey.oauth1.signature.OAuth1Signature;
import org.glassfish.jersey.oauth1.signature.OAuth1SignatureMethod;
import org.glassfish.jersey.oauth1.signature.RsaSha1Method;
import org.jspecify.annotations.Nullable;

/** The same work by net.oauth, which Atlassian products use, and by Jersey. */
final class Rivals {
  private Rivals() {}

  /** Header, query and form decoded and the signature checked; neither timestamp nor nonce. */
  static Operation netOauth(Fixture request) {
    OAuthConsumer consumer = new OAuthConsumer(null, Fixture.CONSUMER, null, null);
    consumer.setProperty(RSA_SHA1.PUBLIC_KEY, Fixture.PUBLIC);
    OAuthAccessor accessor = new OAuthAccessor(consumer);
    accessor.accessToken = Fixture.TOKEN;
    accessor.tokenSecret = "";
    return () -> {
      List<OAuth.Parameter> parameters =
          new ArrayList<>(OAuthMessage.decodeAuthorization(request.header));
      parameters.removeIf(parameter -> parameter.getKey().equalsIgnoreCase("realm"));
      if (request.query != null) {
        parameters.addAll(OAuth.decodeForm(request.query));
      }
      if (request.form != null) {
        parameters.addAll(OAuth.decodeForm(new String(request.form, StandardCharsets.US_ASCII)));
      }
      OAuthMessage message = new OAuthMessage(request.method, request.url, parameters);
      OAuthSignatureMethod.newSigner(message, accessor).validate(message);
      return message;
    };
  }

  /** The same by Jersey, which reads the certificate anew each time. */
  static Operation jersey(Fixture request) throws Exception {
    OAuth1Signature signature = jerseySignature();
    OAuth1Secrets secrets = new OAuth1Secrets().consumerSecret(Fixture.CERTIFICATE).tokenSecret("");
    URL url = URI.create(request.urlWithQuery()).toURL();
    return () -> {
      Map<String, List<String>> fields = new LinkedHashMap<>();
      decode(request.query, fields);
      decode(
          request.form == null ? null : new String(request.form, StandardCharsets.US_ASCII),
          fields);
      JerseyRequest adapted = new JerseyRequest(request.method, url, fields, request.header);
      OAuth1Parameters parameters = new OAuth1Parameters().readRequest(adapted);
      if (!signature.verify(adapted, parameters, secrets)) {
        throw new IllegalStateException("refused");
      }
      return parameters;
    };
  }

  static OAuth1Signature jerseySignature() {
    InjectionManager injection = Injections.createInjectionManager();
    injection.register(Bindings.service(new RsaSha1Method()).to(OAuth1SignatureMethod.class));
    injection.completeRegistration();
    return new OAuth1Signature(injection);
  }

  private static void decode(@Nullable String form, Map<String, List<String>> fields) {
    if (form == null) {
      return;
    }
    for (String piece : form.split("&", -1)) {
      int equals = piece.indexOf('=');
      String name = URLDecoder.decode(piece.substring(0, equals), StandardCharsets.UTF_8);
      String value = URLDecoder.decode(piece.substring(equals + 1), StandardCharsets.UTF_8);
      fields.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
    }
  }

  /** What a servlet container would hand to Jersey. */
  record JerseyRequest(String method, URL url, Map<String, List<String>> fields, String header)
      implements OAuth1Request {
    @Override
    public String getRequestMethod() {
      return method;
    }

    @Override
    public URL getRequestURL() {
      return url;
    }

    @Override
    public Set<String> getParameterNames() {
      return fields.keySet();
    }

    @Override
    public List<String> getParameterValues(String name) {
      return fields.getOrDefault(name, List.of());
    }

    @Override
    public List<String> getHeaderValues(String name) {
      return name.equalsIgnoreCase("Authorization") ? List.of(header) : List.of();
    }

    @Override
    public void addHeaderValue(String name, String value) {}
  }
}
