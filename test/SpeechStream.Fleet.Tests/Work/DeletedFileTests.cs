namespace SpeechStream.Fleet.Tests.Work;

/// <summary>The file of SQLite is deleted while a worker runs.</summary>
public sealed class DeletedFileTests
{
    [Fact]
    public async Task A_worker_whose_database_is_deleted_says_so_and_ends()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps a file that is open.");
        await using var fixture = await WorkerFixture.StartAsync();
        await fixture.SubmitAsync("a.wav", 600);
        var working = fixture.RunAsync(speed: 2);
        await WorkerFixture.UntilAsync(async () => (await fixture.Fleet.StatusAsync()).Finals >= 1);

        foreach (var ending in (string[])["", "-wal", "-shm"])
        {
            File.Delete(fixture.In("fleet.db" + ending));
        }

        await working.Awaiting(working => working).Should().ThrowAsync<FleetException>().WithMessage("There is no fleet at sqlite:*fleet.db*");
        await WorkerFixture.UntilAsync(() => Task.FromResult(fixture.Gateway.RunningTasks == 0));
    }
}
