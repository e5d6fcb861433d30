using System.Diagnostics;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>A file that hangs when it is opened, as on a share whose server is away.</summary>
public sealed class HangingFileTests
{
    [Fact]
    public async Task A_file_that_hangs_keeps_its_own_place_only()
    {
        Assert.SkipWhen(Programs.Find("mkfifo") is null, "mkfifo isn't installed.");
        await using var fixture = await WorkerFixture.StartAsync();
        using (var mkfifo = Process.Start("mkfifo", [fixture.In("hangs.wav")]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await fixture.Fleet.SubmitAsync(Recording.FromFile(fixture.In("hangs.wav")));
        var samples = await fixture.SubmitAsync("good.wav", 4);
        using var stop = new CancellationTokenSource();
        var working = Task.Run(() => fixture.RunAsync(isUntilDone: false, stop: stop.Token), TestContext.Current.CancellationToken);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.FindAsync("good.wav")).State == JobState.Done);

        await stop.CancelAsync();
        await working;

        await fixture.ShouldBeAsync("good.wav", samples);
        (await fixture.Fleet.FindAsync("hangs.wav")).State.Should().Be(JobState.Queued);
    }
}
