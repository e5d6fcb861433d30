using System.Reflection;
using Microsoft.Extensions.Logging;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Diagnostics;

public sealed class LoggingTests : IDisposable
{
    private readonly RecordedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Every_log_message_has_the_id_of_the_current_task()
    {
        using var session = Run();

        var taskIds = session.Summary.TaskIds;
        taskIds.Should().HaveCount(2);
        _log.Entries.Where(entry => entry.Level >= LogLevel.Information).Select(entry => (entry.Id, entry.Scope)).Should().Equal(
            (1, $"TaskId:{taskIds[0]}"), (2, $"TaskId:{taskIds[0]}"), (3, $"TaskId:{taskIds[1]}"), (5, $"TaskId:{taskIds[1]}"));
        _log.Scopes.Should().Be(1);
    }

    [Fact]
    public void A_normal_session_logs_two_messages_at_information_level()
    {
        using var session = Run(new Fate());

        _log.Entries.Select(entry => (entry.Id, entry.Level)).Should().Equal((1, LogLevel.Information), (5, LogLevel.Information));
    }

    [Fact]
    public void Logs_of_a_reconnect_name_both_tasks_and_the_end_the_last()
    {
        using var session = Run();

        var taskIds = session.Summary.TaskIds;
        _log.Entries.Single(entry => entry.Id == 3).Text.Should().Contain(taskIds[0]).And.Contain(taskIds[1]);
        _log.Entries.Single(entry => entry.Id == 5).Text.Should().Contain(taskIds[1]);
    }

    [Fact]
    public void Each_message_from_information_on_is_one_line()
    {
        using var session = RunWithTwoReconnects();

        session.Summary.Reconnects.Should().Be(2);
        _log.Entries.Where(entry => entry.Level >= LogLevel.Information).Should().HaveCount(6).And.OnlyContain(entry => !entry.Text.Trim().Contains('\n'));
    }

    [Fact]
    public void The_causes_of_a_failure_are_in_its_sentence()
    {
        var cause = new SpeechConnectionException("The connection to the service was lost.", new IOException("It broke\r\noff.", new TimeoutException("Too late.")));

        SpeechStream.Diagnostics.Log.NotConnected(_log, cause, TimeSpan.FromSeconds(0.15));

        _log.Entries[0].Text.Should().StartWith("The first connection failed; another attempt follows in 0.15 s: "
            + "The connection to the service was lost. (IOException: It broke off.; TimeoutException: Too late.)");
    }

    [Fact]
    public void The_trace_of_a_lost_connection_follows_at_debug_level()
    {
        using var session = RunWithTwoReconnects();

        var at = _log.Entries.ToList().FindIndex(entry => entry.Id == 2);
        _log.Entries[at + 1].Level.Should().Be(LogLevel.Debug);
        _log.Entries[at + 1].Text.Should().Contain(session.All<Reconnecting>().First().Cause.ToString());
    }

    [Fact]
    public void Durations_are_logged_in_seconds()
    {
        using var session = Run();

        _log.Entries.Single(entry => entry.Id == 2).Text.Should().MatchRegex(@"in 0\.\d\d s: ");
        _log.Entries.Single(entry => entry.Id == 5).Text.Should().Contain("4.00 s of audio");
    }

    [Fact]
    public void A_session_that_never_had_a_task_says_so_at_its_end()
    {
        using var session = new Simulated(log: _log);

        session.Session.Dispose();

        _log.Entries.Should().ContainSingle().Which.Should().Match<(int Id, LogLevel, string Text, string Scope)>(entry =>
            entry.Id == 7 && entry.Text.Contains("none") && entry.Scope == "TaskId:");
    }

    [Fact]
    public void Dropped_audio_is_logged_in_the_scope_of_the_session()
    {
        using var session = new Simulated(configure: options => options.ReplayWindow = TimeSpan.FromSeconds(1), log: _log);
        session.Session.TryWriteAudio(new byte[64_000]).Should().BeFalse();
        _ = session.Start();
        session.Session.TryWriteAudio(new byte[3_200]).Should().BeTrue();
        session.Session.TryWriteAudio(new byte[64_000]).Should().BeFalse();
        session.Advance(seconds: 1);
        session.Session.TryWriteAudio(new byte[3_200]).Should().BeTrue();

        _log.Entries.Where(entry => entry.Id == 4).Should().NotBeEmpty().And.OnlyContain(entry => entry.Scope.StartsWith("TaskId:"));
    }

    [Fact]
    public void A_final_beyond_the_audio_is_logged()
    {
        using var session = new Simulated(() => new Fate { Deaf = true }, log: _log);
        _ = session.Start();
        session.Write(LossOracle.Speech(32_000, seed: 1));
        session.Advance(seconds: 2);
        session.Service.SayEnd(1, 0, 900);
        session.Service.SayEnd(2, 900, 5000);
        session.Settle();

        _log.Entries.Should().ContainSingle(entry => entry.Id == 26).Which.Text.Should().Contain("sentence 2").And.Contain("5.00 s");
    }

    [Fact]
    public void Another_final_of_a_sentence_is_dropped_with_a_warning()
    {
        using var session = new Simulated(() => new Fate { Deaf = true }, log: _log);
        _ = session.Start();
        session.Write(LossOracle.Speech(32_000, seed: 1));
        session.Advance(seconds: 2);
        session.Service.SayEnd(1, 0, 400);
        session.Service.SayEnd(1, 400, 900);
        session.Settle();

        session.All<SentenceEnd>().Should().ContainSingle();
        _log.Entries.Should().ContainSingle(entry => entry.Id == 35 && entry.Level == LogLevel.Warning).Which.Text.Should().Contain("sentence 1");
    }

    [Fact]
    public void A_broken_interim_result_is_logged_and_skipped()
    {
        using var session = new Simulated(() => new Fate { Deaf = true }, log: _log);
        _ = session.StartNow();
        session.Service.SayChanged(1, 300, "half a character \\ud800");
        session.Service.SayChanged(1, 600, "whole");
        session.Settle();

        session.All<TranscriptionResultChanged>().Should().ContainSingle().Which.Text.Should().Be("whole");
        _log.Entries.Should().ContainSingle(entry => entry.Id == 27).Which.Level.Should().Be(LogLevel.Warning);
    }

    [Fact]
    public void No_audio_text_or_secret_is_logged_at_any_level()
    {
        using var session = Run();

        var text = string.Join('\n', _log.Entries.Select(entry => entry.Text + entry.Scope));
        var audio = LossOracle.Speech(64, seed: 1);
        text.Should().NotContainAny([Convert.ToHexString(audio)[..16], Convert.ToHexStringLower(audio)[..16], Convert.ToBase64String(audio)[..16], "secret-token", "app-key"]);
        text.Should().NotContainAny(session.Events.OfType<SentenceEnd>().Select(final => final.Text));
    }

    [Fact]
    public void A_failing_log_ends_no_session()
    {
        var fates = new Queue<Fate>([new Fate { AudioBytes = 96_000 }, new Fate()]);
        using var session = new Simulated(fates.Dequeue, log: new BrokenLog());
        MetricsTests.RunToEnd(session, seconds: 4);

        session.Thrown.Should().BeNull();
        session.Summary.Drained.Should().BeTrue();
        session.Summary.Reconnects.Should().Be(1);
    }

    [Fact]
    public void Event_ids_are_unique()
    {
        var ids = typeof(SpeechStream.Diagnostics.Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .SelectMany(method => method.GetCustomAttributes(typeof(LoggerMessageAttribute), false)).Select(message => ((LoggerMessageAttribute)message).EventId);

        ids.Should().NotBeEmpty().And.OnlyHaveUniqueItems();
    }

    private sealed class BrokenLog : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new IOException("The disk is full.");

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Debug ? throw new IOException("The disk is full.") : true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("The disk is full.");

        public void Dispose()
        {
        }
    }

    private Simulated RunWithTwoReconnects() => Run(new Fate { AudioBytes = 96_000 }, new Fate { AudioBytes = 64_000 }, new Fate());

    private Simulated Run(params Fate[] fates)
    {
        var next = new Queue<Fate>(fates is [] ? [new Fate { AudioBytes = 96_000 }, new Fate()] : fates);
        var session = new Simulated(next.Dequeue, options => options.Credential = SpeechCredential.FromToken("secret-token"), log: _log);
        MetricsTests.RunToEnd(session, seconds: 4);
        return session;
    }
}
