import com.github.scribejava.core.builder.api.DefaultApi10a;
import com.github.scribejava.core.model.OAuth1AccessToken;
import com.github.scribejava.core.model.OAuthRequest;
import com.github.scribejava.core.model.Verb;
import com.github.scribejava.core.oauth.OAuth10aService;
import com.github.scribejava.core.services.HMACSha1SignatureService;
import com.github.scribejava.core.services.RSASha1SignatureService;
import com.github.scribejava.core.services.SignatureService;
import com.google.api.client.auth.oauth.OAuthHmacSigner;
import com.google.api.client.auth.oauth.OAuthParameters;
import com.google.api.client.auth.oauth.OAuthRsaSigner;
import com.google.api.client.auth.oauth.OAuthSigner;
import com.google.api.client.http.GenericUrl;
import jakarta.annotation.Priority;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.Form;
import jakarta.ws.rs.core.Response;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.oauth.OAuth;
import net.oauth.OAuthAccessor;
import net.oauth.OAuthConsumer;
import net.oauth.OAuthMessage;
import net.oauth.signature.RSA_SHA1;
import org.glassfish.jersey.client.oauth1.AccessToken;
import org.glassfish.jersey.client.oauth1.ConsumerCredentials;
import org.glassfish.jersey.client.oauth1.OAuth1ClientSupport;

/** Records what net.oauth, Jersey, scribejava and google-oauth-client sign. Run by ../record. */
public final class Record {
  private static final String CONSUMER = "recorder";
  private static final String SECRET = "consumer secret &1";
  private static final String TOKEN = "a/token";
  private static final String TOKEN_SECRET = "token secret +2";
  private static final String REALM = "https://ci.example.com/jenkins";

  private static Path here;
  private static String pkcs8;
  private static PrivateKey key;

  private record Case(String name, String method, String url, String form) {}

  private interface Client1 {
    void record(Case one, String signatureMethod, List<String> rows) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    here = Path.of(arguments[0]);
    String pem = Files.readString(here.resolve("keys/private.pem"));
    pkcs8 = pem.replaceAll("-----[^-]+-----|\\s", "");
    key =
        KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pkcs8)));
    write("net.oauth", Record::netOauth);
    write("jersey", Record::jersey);
    write("scribejava", Record::scribe);
    write("google-oauth-client", Record::google);
  }

  private static void write(String name, Client1 client) throws Exception {
    List<String> rows = new ArrayList<>();
    for (String signatureMethod : List.of("RSA-SHA1", "HMAC-SHA1")) {
      for (String line : Files.readAllLines(here.resolve("cases.txt"))) {
        String[] parts = line.split("\\|", -1);
        client.record(new Case(parts[0], parts[1], parts[2], parts[3]), signatureMethod, rows);
      }
    }
    Files.write(here.resolve("recorded/" + name + ".raw"), rows);
    System.err.println("recorded " + name);
  }

  private static void row(
      List<String> rows, String name, Case one, String url, String header, String form) {
    int mark = url.indexOf('?');
    String target = mark < 0 ? url : url.substring(0, mark);
    String query = mark < 0 ? "" : url.substring(mark + 1);
    rows.add(String.join("\t", name, one.method(), target, query, header, form));
  }

  private static List<String[]> fields(String form) {
    List<String[]> fields = new ArrayList<>();
    for (String piece : form.isEmpty() ? new String[0] : form.split("&")) {
      String[] pair = piece.split("=", 2);
      fields.add(new String[] {decode(pair[0]), decode(pair[1])});
    }
    return fields;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void netOauth(Case one, String signatureMethod, List<String> rows)
      throws Exception {
    OAuthConsumer consumer = new OAuthConsumer(null, CONSUMER, SECRET, null);
    consumer.setProperty(OAuth.OAUTH_SIGNATURE_METHOD, signatureMethod);
    if (signatureMethod.startsWith("RSA")) {
      consumer.setProperty(RSA_SHA1.PRIVATE_KEY, key);
    }
    OAuthAccessor accessor = new OAuthAccessor(consumer);
    accessor.accessToken = TOKEN;
    accessor.tokenSecret = TOKEN_SECRET;
    List<OAuth.Parameter> form = new ArrayList<>();
    for (String[] field : fields(one.form())) {
      form.add(new OAuth.Parameter(field[0], field[1]));
    }
    OAuthMessage message = accessor.newRequestMessage(one.method(), one.url(), form);
    row(
        rows,
        signatureMethod + " " + one.name(),
        one,
        one.url(),
        message.getAuthorizationHeader(REALM),
        OAuth.formEncode(form));
    if (one.name().equals("plain")) {
      // As Atlassian products ask for tokens: everything in the form, no header.
      OAuthMessage token =
          accessor.newRequestMessage(
              "POST",
              "https://ci.example.com/plugins/servlet/oauth/request-token",
              List.of(new OAuth.Parameter("oauth_callback", "https://jira.example.com/x?a=b&c=d")));
      row(
          rows,
          signatureMethod + " request-token",
          new Case("", "POST", "", ""),
          token.URL,
          "",
          OAuth.formEncode(token.getParameters()));
      // As Atlassian products call two-legged: the token is there and empty.
      accessor.accessToken = "";
      accessor.tokenSecret = "";
      OAuthMessage twoLegged =
          accessor.newRequestMessage("GET", one.url() + "?xoauth_requestor_id=alice", List.of());
      row(
          rows,
          signatureMethod + " two-legged",
          one,
          one.url() + "?xoauth_requestor_id=alice",
          twoLegged.getAuthorizationHeader(null),
          "");
    }
  }

  /** Stands behind the signing filter and keeps what it made. */
  @Priority(Integer.MAX_VALUE)
  private static final class Catcher implements ClientRequestFilter {
    String url = "";
    String header = "";

    @Override
    public void filter(ClientRequestContext request) {
      url = request.getUri().toString();
      header = request.getHeaderString("Authorization");
      request.abortWith(Response.ok().build());
    }
  }

  private static void jersey(Case one, String signatureMethod, List<String> rows) {
    boolean rsa = signatureMethod.startsWith("RSA");
    ConsumerCredentials credentials = new ConsumerCredentials(CONSUMER, rsa ? pkcs8 : SECRET);
    Catcher catcher = new Catcher();
    Client client =
        ClientBuilder.newBuilder()
            .register(
                OAuth1ClientSupport.builder(credentials)
                    .signatureMethod(signatureMethod)
                    .feature()
                    .accessToken(new AccessToken(TOKEN, TOKEN_SECRET))
                    .build())
            .register(catcher)
            .build();
    Form form = new Form();
    for (String[] field : fields(one.form())) {
      form.param(field[0], field[1]);
    }
    Entity<?> entity = one.form().isEmpty() ? Entity.text("") : Entity.form(form);
    if (one.method().equals("POST")) {
      client.target(one.url()).request().post(entity).close();
    } else {
      client.target(one.url()).request().get().close();
    }
    // A form the filter has signed goes out through the JDK's own encoder.
    StringBuilder sent = new StringBuilder();
    for (String[] field : fields(one.form())) {
      sent.append(sent.isEmpty() ? "" : "&")
          .append(java.net.URLEncoder.encode(field[0], StandardCharsets.UTF_8))
          .append('=')
          .append(java.net.URLEncoder.encode(field[1], StandardCharsets.UTF_8));
    }
    row(
        rows,
        signatureMethod + " " + one.name(),
        one,
        catcher.url,
        catcher.header,
        sent.toString());
    client.close();
  }

  private static void scribe(Case one, String signatureMethod, List<String> rows) {
    SignatureService signatures =
        signatureMethod.startsWith("RSA")
            ? new RSASha1SignatureService(key)
            : new HMACSha1SignatureService();
    DefaultApi10a api =
        new DefaultApi10a() {
          @Override
          public String getRequestTokenEndpoint() {
            return REALM;
          }

          @Override
          public String getAccessTokenEndpoint() {
            return REALM;
          }

          @Override
          protected String getAuthorizationBaseUrl() {
            return REALM;
          }

          @Override
          public SignatureService getSignatureService() {
            return signatures;
          }
        };
    OAuth10aService service =
        new OAuth10aService(api, CONSUMER, SECRET, null, null, null, null, null, null);
    OAuthRequest request = new OAuthRequest(Verb.valueOf(one.method()), one.url());
    request.setRealm(REALM);
    for (String[] field : fields(one.form())) {
      request.addBodyParameter(field[0], field[1]);
    }
    service.signRequest(new OAuth1AccessToken(TOKEN, TOKEN_SECRET), request);
    row(
        rows,
        signatureMethod + " " + one.name(),
        one,
        request.getCompleteUrl(),
        request.getHeaders().get("Authorization"),
        one.form().isEmpty()
            ? ""
            : new String(request.getByteArrayPayload(), StandardCharsets.US_ASCII));
  }

  private static void google(Case one, String signatureMethod, List<String> rows)
      throws Exception {
    if (!one.form().isEmpty()) {
      return; // It signs no form fields.
    }
    OAuthSigner signer;
    if (signatureMethod.startsWith("RSA")) {
      OAuthRsaSigner rsa = new OAuthRsaSigner();
      rsa.privateKey = key;
      signer = rsa;
    } else {
      OAuthHmacSigner hmac = new OAuthHmacSigner();
      hmac.clientSharedSecret = SECRET;
      hmac.tokenSharedSecret = TOKEN_SECRET;
      signer = hmac;
    }
    OAuthParameters parameters = new OAuthParameters();
    parameters.signer = signer;
    parameters.consumerKey = CONSUMER;
    parameters.token = TOKEN;
    parameters.version = "1.0";
    parameters.realm = REALM;
    parameters.computeNonce();
    parameters.computeTimestamp();
    GenericUrl url = new GenericUrl(one.url());
    parameters.computeSignature(one.method(), url);
    row(
        rows,
        signatureMethod + " " + one.name(),
        one,
        url.build(),
        parameters.getAuthorizationHeader(),
        "");
  }
}
