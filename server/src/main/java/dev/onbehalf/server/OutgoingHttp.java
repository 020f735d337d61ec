package dev.onbehalf.server;

import dev.onbehalf.server.config.AddressBlock;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.OutgoingConfig.ProxyAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** How this server reaches others: whose certificates it trusts, and through which proxy. */
final class OutgoingHttp {
  private OutgoingHttp() {}

  /**
   * Reads what the configuration says.
   *
   * @throws IOException with one sentence, if the file of authorities cannot be used
   */
  static UnaryOperator<HttpClient.Builder> of(Configuration configuration) throws IOException {
    Path file = configuration.outgoing().authorities();
    SSLContext tls = file == null ? null : trusting(file);
    ProxyAddress address = configuration.outgoing().proxy();
    ProxySelector proxy =
        address == null ? null : new Selector(address, configuration.links().privateNetworks());
    return http -> {
      HttpClient.Builder trusting = tls == null ? http : http.sslContext(tls);
      return proxy == null ? trusting : trusting.proxy(proxy);
    };
  }

  private static SSLContext trusting(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> own =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (own.isEmpty()) {
        throw new IOException("there is no certificate in it");
      }
      List<Certificate> all = new ArrayList<>(own);
      for (TrustManager usual : managers(null)) {
        if (usual instanceof X509TrustManager x509) {
          for (X509Certificate authority : x509.getAcceptedIssuers()) {
            all.add(authority);
          }
        }
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < all.size(); i++) {
        store.setCertificateEntry("authority-" + i, all.get(i));
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(store), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException(
          "The authorities in "
              + file
              + " cannot be used ("
              + e.getMessage()
              + "). Set outgoing.ca-file to a PEM file of certificates.",
          e);
    }
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Chooses the proxy for every host but those in private networks. */
  private static final class Selector extends ProxySelector {
    private final ProxyAddress address;
    private final List<AddressBlock> direct;

    Selector(ProxyAddress address, List<String> direct) {
      this.address = address;
      this.direct = direct.stream().map(AddressBlock::parse).toList();
    }

    @Override
    public List<Proxy> select(URI uri) {
      return List.of(
          direct(String.valueOf(uri.getHost()))
              ? Proxy.NO_PROXY
              : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(address.host(), address.port())));
    }

    private boolean direct(String host) {
      try {
        return Arrays.stream(InetAddress.getAllByName(host))
            .allMatch(found -> direct.stream().anyMatch(block -> block.contains(found)));
      } catch (UnknownHostException e) {
        return false;
      }
    }

    @Override
    public void connectFailed(URI uri, SocketAddress place, IOException failure) {
      // The request itself fails and says so.
    }
  }
}
