using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests;

public sealed class ManySessionsTests
{
    private const int Sessions = 50;

    [Fact]
    public async Task Fifty_concurrent_files_each_get_their_own_words()
    {
        await using var line = await Line.OpenAsync();
        var recordings = Enumerable.Range(1, Sessions).Select(seed => Speech.Noise(2 + (seed * 0.1), seed)).ToArray();

        var transcripts = await Task.WhenAll(recordings.Select(audio =>
            line.Client.TranscribeAsync(new MemoryStream(Speech.Wave(audio)), new() { SendRate = 20 }).ToListAsync()));

        for (var i = 0; i < Sessions; i++)
        {
            transcripts[i].Finals().Should().Equal(Speech.Expected(recordings[i]));
        }

        line.Gateway.StartedTasks.Should().Be(Sessions);
        transcripts.Select(events => events[0].TaskId).Should().OnlyHaveUniqueItems();
        await line.QuietAsync();
    }

    [Fact]
    public async Task A_session_that_fails_or_is_disposed_disturbs_no_other()
    {
        await using var line = await Line.ScriptedAsync(
            """{"recognizer":"digest"},{"steps":[{"wait":"audio","ms":1},{"fail":41040203}]},{"recognizer":"digest"}""");
        await using var steady = await line.Client.StartSessionAsync(Speech.Unpaced);
        await using var failing = await line.Client.StartSessionAsync(Speech.Unpaced);
        var disposed = await line.Client.StartSessionAsync(Speech.Unpaced);
        var audio = Speech.Noise(5);
        await steady.Audio.WriteAsync(audio.AsMemory(0, 80_000));

        await failing.Audio.WriteAsync(Speech.Noise(0.1));
        (await failing.Completion.Within()).Error.Should().BeOfType<SpeechServiceException>();
        await disposed.DisposeAsync().AsTask().Within();
        await steady.FeedAsync(audio[80_000..]);

        (await steady.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task Sessions_above_the_limit_wait_in_order()
    {
        await using var line = await Line.OpenAsync(options => options.MaxConcurrentSessions = 1);
        await using var first = await line.Client.StartSessionAsync(Speech.Unpaced);
        await using var second = line.Client.CreateSession(Speech.Unpaced);
        await using var third = line.Client.CreateSession(Speech.Unpaced);
        using var cancellation = new CancellationTokenSource();
        var secondStarting = second.StartAsync(cancellation.Token);
        var thirdStarting = third.StartAsync();

        await cancellation.CancelAsync();
        await FluentActions.Awaiting(() => secondStarting.Within()).Should().ThrowAsync<OperationCanceledException>();
        thirdStarting.IsCompleted.Should().BeFalse();
        line.Gateway.StartedTasks.Should().Be(1);
        await first.StopAsync().Within();

        await thirdStarting.Within();
        line.Gateway.StartedTasks.Should().Be(2);
    }
}
