package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.oauth1.Secret;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class H2ConsumerTokenStoreTest extends ConsumerTokenStoreContract {

  @Override
  ConsumerTokenStore create() {
    JdbcDataSource database = database();
    JdbcConsumerTokenStore.createTable(database);
    return new JdbcConsumerTokenStore(database, new AesSealer());
  }

  private static JdbcDataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    JdbcConsumerTokenStore.createTable(database);
    return database;
  }

  @Test
  void putWhenStoredThenNothingIsInClearAndAnotherKeyDoesNotOpenIt() throws Exception {
    JdbcDataSource database = database();
    ApplicationId link = new ApplicationId("jira");
    new JdbcConsumerTokenStore(database, new AesSealer())
        .putAccessToken(
            link,
            "alice",
            new AccessToken("token-clear", Secret.of("secret-clear"), Secret.of("h-clear"), null));

    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM onbehalf_consumer_token")) {
      assertThat(row.next()).isTrue();
      for (String column : new String[] {"token", "secret", "session_handle"}) {
        assertThat(new String(row.getBytes(column), StandardCharsets.ISO_8859_1))
            .doesNotContain("clear");
      }
    }
    JdbcConsumerTokenStore other = new JdbcConsumerTokenStore(database, new AesSealer());
    assertThatThrownBy(() -> other.accessToken(link, "alice"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("clear");
  }
}
