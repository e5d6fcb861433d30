using System.Diagnostics;
using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public abstract class SecretsTests : BothServices
{
    private protected SecretsTests(SpeechService service)
        : base(service)
    {
    }

    private const string Token = "0123-secret-token/+=";

    [Fact]
    public async Task A_token_quoted_by_the_service_is_in_no_log_or_event()
    {
        var quoting = $"a {Token} b {Uri.EscapeDataString(Token)} c";
        await using var line = await Line.ScriptedAsync(
            """
            {"refuse":{"status":500,"body":"QUOTING"}},
            {"steps":[{"wait":"start"},{"fail":50000000,"text":"QUOTING"}]},
            {"steps":[{"wait":"start"},{"raw":"QUOTING"},{"close":1011,"reason":"QUOTING"}]},
            {"steps":[{"wait":"start"},{"fail":41040203,"text":"QUOTING"},{"close":4000,"reason":"QUOTING"}]}
            """.Replace("QUOTING", quoting, StringComparison.Ordinal),
            Configure);
        var spans = new List<Activity>();
        using var caller = new Activity("caller").SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom()).Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SpeechStream",
            Sample = (ref ActivityCreationOptions<ActivityContext> creation) =>
                creation.Parent.TraceId == caller.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,

            // A span that another test has asked for is told to all listeners.
            ActivityStopped = span => spans.AddRange(span.TraceId == caller.TraceId ? [span] : []),
        };
        ActivitySource.AddActivityListener(listener);
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        await session.Audio.WriteAsync(Speech.Noise(0.1));

        var (events, error) = await session.Events.OutcomeAsync().Within();

        error.Should().BeOfType<SpeechServiceException>().Which.Message.Should().Contain("a *** b *** c");
        events.OfType<Reconnecting>().Should().HaveCount(2);
        var summary = await session.Completion.Within();
        ShouldHideTheToken([.. events.Select(e => e.ToString()), error!.ToString(), summary.ToString(), line.Log.Text]);
        ShouldHideTheToken([.. events.OfType<Reconnecting>().Select(e => e.Cause.ToString())]);
        var span = spans.Should().ContainSingle().Subject;
        span.StatusDescription.Should().Contain("a *** b *** c");
        ShouldHideTheToken([span.StatusDescription, .. span.TagObjects.Concat(span.Events.SelectMany(e => e.Tags)).Select(tag => $"{tag.Key} {tag.Value}")]);
    }

    [Fact]
    public async Task A_token_quoted_by_a_refusal_is_in_no_log_or_exception()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Tokens = new Dictionary<string, DateTimeOffset>(), ApiKeys = new HashSet<string>() });
        var log = new RecordedLog();
        var options = Speech.OptionsFor(Speech.EndpointOf(gateway));
        Configure(options);
        await using var client = new SpeechStreamClient(options, log);
        await using var session = client.CreateSession();

        var (events, error) = await StartAndReadAsync(session);

        events.Should().ContainSingle();
        ShouldHideTheToken([error!.ToString(), log.Text]);
    }

    [Fact]
    public async Task A_query_quoted_by_the_server_is_in_no_exception()
    {
        await using var line = await Line.ScriptedAsync(
            """{"refuse":{"status":403,"body":"No such meeting: /ws/v1?meeting=secret-meeting&x=1"}}""",
            options => options.Endpoint = new Uri(options.Endpoint + "?meeting=secret-meeting&x=1"));

        var starting = () => line.Client.StartSessionAsync();

        (await starting.Should().ThrowAsync<SpeechAuthenticationException>()).Which.ToString().Should().Contain("meeting=***&x=1").And.NotContain("secret-meeting");
    }

    [Fact]
    public void No_ToString_prints_a_secret()
    {
        var options = Speech.OptionsFor(new Uri($"ws://127.0.0.1:1/ws/v1?token={Uri.EscapeDataString(Token)}"));
        Configure(options);

        ShouldHideTheToken(
        [
            options.ToString(),
            Speech.OptionsFor(new Uri($"ws://user:{Uri.EscapeDataString(Token)}@127.0.0.1:1/ws/v1")).ToString(),
            options.Credential.ToString(),
            new SpeechToken { Id = Token }.ToString(),
            SpeechCredential.FromAccessKey("id", Token, Token).ToString(),
        ]);
    }

    [Fact]
    public async Task A_token_in_an_unreadable_message_is_in_no_exception()
    {
        await using var line = await Line.ScriptedAsync(
            $$$"""{"steps":[{"wait":"start"},{"event":"SentenceEnd","payload":{"index":1},"header":{"namespace":"{{{Token}}}"}}]}""", Configure);
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);

        var (_, error) = await session.Events.OutcomeAsync().Within();

        error.Should().BeOfType<SpeechProtocolException>().Which.Message.Should().Contain(IsDashScope ? "begins" : "***", "only NLS has a namespace to quote");
        ShouldHideTheToken([error!.ToString(), line.Log.Text]);
    }

    private static void Configure(SpeechStreamClientOptions options) => options.Credential = FixedCredential(Token);

    private static async Task<Outcome> StartAndReadAsync(TranscriptionSession session)
    {
        await FluentActions.Awaiting(() => session.StartAsync().Within()).Should().ThrowAsync<SpeechStreamException>();
        return await session.Events.OutcomeAsync().Within();
    }

    private static void ShouldHideTheToken(string?[] texts)
    {
        foreach (var text in texts)
        {
            text.Should().NotContain(Token).And.NotContain(Uri.EscapeDataString(Token));
        }
    }
}

public sealed class SecretsTestsWithNls() : SecretsTests(SpeechService.Nls);

public sealed class SecretsTestsWithDashScope() : SecretsTests(SpeechService.DashScope);
