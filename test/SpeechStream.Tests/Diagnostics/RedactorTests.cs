using SpeechStream.Diagnostics;

namespace SpeechStream.Tests.Diagnostics;

public sealed class RedactorTests
{
    [Theory]
    [InlineData("any", "The company has many tokens, any of them.", "The company has many tokens, *** of them.")]
    [InlineData("a", "Name or service not known (a:443)", "Name or service not known (***:443)")]
    [InlineData("any", "?token=any&x=1", "?token=***&x=1")]
    public void A_short_secret_is_replaced_where_it_is_a_whole_word(string secret, string text, string redacted) => Of(secret).Redact(text).Should().Be(redacted);

    [Fact]
    public void The_user_and_the_query_of_an_address_are_replaced_also_where_they_are_unescaped()
    {
        var redactor = new Redactor();
        redactor.Keep(new Uri("wss://user:pass%20word@nls.example/ws?key=se%2Fcret"));

        redactor.Redact("user:pass%20word, user:pass word, se%2Fcret, se/cret").Should().Be("***, ***, ***, ***");
    }

    [Fact]
    public void A_connections_redactor_also_knows_the_clients_secrets_and_the_later_ones()
    {
        var client = Of("an-older-token");
        var connection = client.Including("the-connections-token");
        client.Add("a-later-token");

        connection.Redact("an-older-token, the-connections-token, a-later-token").Should().Be("***, ***, ***");
    }

    [Fact]
    public void The_newest_eight_secrets_are_remembered_in_all_their_forms()
    {
        var redactor = new Redactor();
        for (var secret = 1; secret <= 8; secret++)
        {
            redactor.Add($"secret/+{secret}");
        }

        redactor.Redact(@"secret/+1, secret%2F%2B1, secret\/+1, secret/\u002B1, secret/+8").Should().Be("***, ***, ***, ***, ***");
    }

    [Fact]
    public void A_longer_secret_is_replaced_inside_of_a_word() => Of("secret").Redact("xsecrets").Should().Be("x***s");

    private static Redactor Of(string secret)
    {
        var redactor = new Redactor();
        redactor.Add(secret);
        return redactor;
    }
}
