using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public abstract class MisuseTests : BothServices
{
    private protected MisuseTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task A_second_StartAsync_throws_and_the_session_continues()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);

        await FluentActions.Awaiting(() => session.StartAsync()).Should().ThrowAsync<InvalidOperationException>();

        (await session.StopAsync().Within()).Drained.Should().BeTrue();
        await FluentActions.Awaiting(() => session.StartAsync()).Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task A_second_enumeration_throws_and_the_first_continues()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        var first = session.Events.ToListAsync();

        (await session.Events.OutcomeAsync().Within()).Error.Should().BeOfType<InvalidOperationException>();

        var audio = Speech.Noise(1);
        await session.FeedAsync(audio);
        (await first).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task Stopping_before_the_start_throws_InvalidOperationException()
    {
        await using var line = await Line.OpenAsync();
        await using var session = line.Client.CreateSession();

        await FluentActions.Awaiting(() => session.StopAsync()).Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task Events_that_are_enumerated_before_the_start_wait_for_it()
    {
        await using var line = await Line.OpenAsync();
        await using var session = line.Client.CreateSession(Speech.Unpaced);
        var reading = session.Events.ToListAsync();

        await session.StartAsync().Within();
        await session.StopAsync().Within();

        (await reading)[0].Should().BeOfType<TranscriptionStarted>();
    }

    [Fact]
    public async Task Of_Audio_and_TryWriteAudio_the_first_one_used_wins()
    {
        await using var line = await Line.OpenAsync();
        await using var written = line.Client.CreateSession();
        await using var tried = line.Client.CreateSession();
        await written.Audio.WriteAsync(new byte[2]);
        tried.TryWriteAudio(new byte[2]).Should().BeTrue();

        written.Invoking(s => s.TryWriteAudio(new byte[2])).Should().Throw<InvalidOperationException>();
        await tried.Invoking(s => s.Audio.WriteAsync(new byte[2]).AsTask()).Should().ThrowAsync<InvalidOperationException>();
        tried.Invoking(s => s.Audio.Complete()).Should().NotThrow();
    }

    [Fact]
    public async Task After_the_end_no_audio_is_taken_and_no_flush_waits()
    {
        await using var line = await Line.OpenAsync();
        await using var written = await line.Client.StartSessionAsync(Speech.Unpaced);
        await using var tried = await line.Client.StartSessionAsync(Speech.Unpaced);
        await written.StopAsync().Within();
        await tried.StopAsync().Within();

        (await written.Audio.FlushAsync().AsTask().Within()).IsCompleted.Should().BeTrue();
        (await written.Audio.WriteAsync(Speech.Noise(100)).AsTask().Within()).IsCompleted.Should().BeTrue();
        tried.TryWriteAudio(new byte[2]).Should().BeFalse();
    }

    [Fact]
    public async Task Completion_and_StopAsync_never_fault()
    {
        await using var line = await Line.ScriptedAsync("""{"steps":[{"wait":"start"},{"fail":41040203}]}""");
        await using var session = await line.Client.StartSessionAsync();

        var summary = await session.Completion.Within();

        (await session.StopAsync().Within()).Should().BeSameAs(summary);
        summary.Error.Should().BeOfType<SpeechServiceException>();
    }

    [Fact]
    public async Task Completing_with_an_exception_ends_the_events_with_it()
    {
        await using var line = await Line.OpenAsync();
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
        await session.Audio.WriteAsync(Speech.Noise(1));
        var broken = new IOException("the microphone is gone");

        await session.Audio.CompleteAsync(broken);

        (await session.Events.OutcomeAsync().Within()).Error.Should().BeSameAs(broken);
        await line.QuietAsync();
    }
}

public sealed class MisuseTestsWithNls() : MisuseTests(SpeechService.Nls);

public sealed class MisuseTestsWithDashScope() : MisuseTests(SpeechService.DashScope);
