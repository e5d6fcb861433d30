using Microsoft.Extensions.Logging;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Diagnostics;

public sealed class LoggingTests : IDisposable
{
    private readonly RecordedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Every_message_of_a_session_carries_the_id_of_its_current_task()
    {
        using var session = Run();

        var taskIds = session.Summary.TaskIds;
        taskIds.Should().HaveCount(2);
        _log.Entries.Where(entry => entry.Level >= LogLevel.Information).Select(entry => (entry.Id, entry.Scope)).Should().Equal(
            (1, $"TaskId:{taskIds[0]}"), (2, $"TaskId:{taskIds[0]}"), (3, $"TaskId:{taskIds[1]}"), (5, $"TaskId:{taskIds[1]}"));
        _log.Scopes.Should().Be(1);
    }

    [Fact]
    public void A_session_without_trouble_is_two_messages_at_information_level()
    {
        using var session = Run(new Fate());

        _log.Entries.Select(entry => (entry.Id, entry.Level)).Should().Equal((1, LogLevel.Information), (5, LogLevel.Information));
    }

    [Fact]
    public void Neither_audio_nor_recognised_text_nor_secrets_are_logged_at_trace_level()
    {
        using var session = Run();

        var text = string.Join('\n', _log.Entries.Select(entry => entry.Text + entry.Scope));
        var audio = LossOracle.Speech(64, seed: 1);
        text.Should().NotContainAny([Convert.ToHexString(audio)[..16], Convert.ToHexStringLower(audio)[..16], Convert.ToBase64String(audio)[..16], "secret-token", "app-key"]);
        text.Should().NotContainAny(session.Events.OfType<SentenceEnd>().Select(final => final.Text));
    }

    [Fact]
    public void Event_ids_are_unique()
    {
        var ids = typeof(SpeechStream.Diagnostics.Log).GetMethods()
            .SelectMany(method => method.GetCustomAttributes(typeof(LoggerMessageAttribute), false)).Select(message => ((LoggerMessageAttribute)message).EventId);

        ids.Should().NotBeEmpty().And.OnlyHaveUniqueItems();
    }

    private Simulated Run(params Fate[] fates)
    {
        var next = new Queue<Fate>(fates is [] ? [new Fate { AudioBytes = 96_000 }, new Fate()] : fates);
        var session = new Simulated(next.Dequeue, options => options.Credential = SpeechCredential.FromToken("secret-token"), log: _log);
        MetricsTests.RunToEnd(session, seconds: 4);
        return session;
    }
}
