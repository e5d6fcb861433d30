using System.Collections.Concurrent;
using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public sealed class CredentialTests
{
    private const string Secret = "the-access-key-secret";

    // Only tokens of its own token service open this gateway.
    private static LocalGatewayOptions Strict => new()
    {
        Tokens = new Dictionary<string, DateTimeOffset>(),
        AccessKeys = new Dictionary<string, string> { ["the-access-key-id"] = Secret },
    };

    [Fact]
    public async Task A_token_from_an_access_key_opens_the_connection()
    {
        await using var gateway = await LocalGateway.StartAsync(Strict);
        await using var client = ClientOf(gateway, SpeechCredential.FromAccessKey("the-access-key-id", Secret, tokenEndpoint: gateway.TokenEndpoint));
        var audio = Speech.Noise(1);

        (await client.TranscribeAsync(new MemoryStream(audio), Speech.Unpaced).ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task A_wrong_access_key_is_an_error_without_the_secret()
    {
        await using var gateway = await LocalGateway.StartAsync(Strict);
        await using var client = ClientOf(gateway, SpeechCredential.FromAccessKey("the-access-key-id", "the-wrong-secret", tokenEndpoint: gateway.TokenEndpoint));
        await using var session = client.CreateSession();

        var failure = (await FluentActions.Awaiting(() => session.StartAsync().Within()).Should().ThrowAsync<SpeechAuthenticationException>()).Which;

        failure.ToString().Should().NotContain("the-wrong-secret").And.Contain("SignatureDoesNotMatch");
        gateway.AcceptedConnections.Should().Be(0);
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Tokens = Good("second") });
        var given = new Queue<string>(["first", "second", "third"]);
        await using var client = ClientOf(gateway, SpeechCredential.FromDelegate(_ => ValueTask.FromResult(Token(given.Dequeue()))));
        var audio = Speech.Noise(1);

        var events = await client.TranscribeAsync(new MemoryStream(audio), Speech.Unpaced).ToListAsync();

        events.Finals().Should().Equal(Speech.Expected(audio));
        given.Should().Equal("third");
    }

    [Fact]
    public async Task Two_refused_tokens_are_enough()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Tokens = Good("third") });
        var given = new Queue<string>(["first", "second", "third"]);
        await using var client = ClientOf(gateway, SpeechCredential.FromDelegate(_ => ValueTask.FromResult(Token(given.Dequeue()))));
        await using var session = client.CreateSession();

        await FluentActions.Awaiting(() => session.StartAsync().Within()).Should().ThrowAsync<SpeechAuthenticationException>();

        given.Should().Equal("third");
    }

    [Fact]
    public async Task A_token_that_expires_in_an_outage_is_renewed_without_loss()
    {
        var good = new ConcurrentDictionary<string, DateTimeOffset>(Good("first"));
        await using var gateway = await LocalGateway.StartAsync(new() { Tokens = good });
        await using var proxy = new FaultProxy(gateway.Endpoint);
        var given = new Queue<string>(["first", "second"]);
        var options = Speech.OptionsFor(proxy.Endpoint);
        options.Credential = SpeechCredential.FromDelegate(_ => ValueTask.FromResult(Token(given.Dequeue())));
        await using var client = new SpeechStreamClient(options);
        var audio = Speech.Noise(7);
        var sprung = proxy.When("SentenceEnd", () =>
        {
            good.Clear();
            good["second"] = DateTimeOffset.MaxValue;
            proxy.Reset();
        });

        var events = await client.TranscribeAsync(new MemoryStream(audio), new() { SendRate = 20 }).ToListAsync();

        sprung.IsCompleted.Should().BeTrue();
        events.Finals().Should().Equal(Speech.Expected(audio));
        given.Should().BeEmpty();
    }

    [Fact]
    public async Task A_canceled_wait_for_a_token_doesnt_fail_another_sessions()
    {
        await using var line = await LocalGateway.StartAsync();
        var token = new TaskCompletionSource<SpeechToken>();
        await using var client = ClientOf(line, SpeechCredential.FromDelegate(_ => new(token.Task)));
        await using var canceled = client.CreateSession();
        await using var patient = client.CreateSession(Speech.Unpaced);
        using var cancellation = new CancellationTokenSource();
        var first = canceled.StartAsync(cancellation.Token);
        var second = patient.StartAsync();

        await cancellation.CancelAsync();
        await FluentActions.Awaiting(() => first.Within()).Should().ThrowAsync<OperationCanceledException>();
        token.SetResult(Token("good"));

        await second.Within();
        (await patient.StopAsync().Within()).Drained.Should().BeTrue();
    }

    private static Dictionary<string, DateTimeOffset> Good(string token) => new() { [token] = DateTimeOffset.MaxValue };

    private static SpeechToken Token(string id) => new() { Id = id, ExpiresAt = DateTimeOffset.UtcNow.AddHours(1) };

    private static SpeechStreamClient ClientOf(LocalGateway gateway, SpeechCredential credential)
    {
        var options = Speech.OptionsFor(gateway.Endpoint);
        options.Credential = credential;
        return new SpeechStreamClient(options);
    }
}
