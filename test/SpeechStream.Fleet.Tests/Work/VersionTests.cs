namespace SpeechStream.Fleet.Tests.Work;

/// <summary>Whoever opens a fleet whose tables are another version's is told so, and does nothing.</summary>
public sealed class VersionTests
{
    public static TheoryData<string> Calls => ["submit", "status", "list", "find", "transcript", "retry", "cancel", "forget", "forget old", "quota", "work", "live"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_fleet_of_another_version_is_left_alone(string call)
    {
        await using var fixture = await WorkerFixture.StartAsync();
        await fixture.SubmitAsync("a.wav", 4);
        await fixture.ExecuteAsync("update fleet_settings set version = 2");
        await using var fleet = SpeechFleet.Open(fixture.Address);

        await fleet.Awaiting(fleet => RunAsync(fleet, call)).Should().ThrowAsync<FleetException>().WithMessage("*its tables have version 2, and this one needs 1*");
    }

    private static async Task RunAsync(SpeechFleet fleet, string call)
    {
        await using var client = new SpeechStreamClient(new() { AppKey = "app-key", Credential = SpeechCredential.FromToken("token") });
        await (call switch
        {
            "submit" => fleet.SubmitAsync(Recording.FromFile("b.wav")),
            "status" => fleet.StatusAsync(),
            "list" => fleet.ListAsync(),
            "find" => fleet.FindAsync("a.wav"),
            "transcript" => fleet.ReadTranscriptAsync("a.wav"),
            "retry" => fleet.RetryAsync("a.wav"),
            "cancel" => fleet.CancelAsync("a.wav"),
            "forget" => fleet.ForgetAsync("a.wav"),
            "forget old" => fleet.ForgetAsync(TimeSpan.Zero),
            "quota" => fleet.SetQuotaAsync(3),
            "work" => fleet.RunWorkerAsync(new FleetWorkerOptions { Client = client }).WaitAsync(WorkerFixture.Limit),
            _ => fleet.AcquireLivePlaceAsync("studio").WaitAsync(WorkerFixture.Limit),
        });
    }
}
