namespace SpeechStream.Fleet.Tests.Chaos;

[Collection(nameof(Alone))]
public sealed class SimulationTests
{
    /// <summary>A thousand hours, which take minutes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Kills_cost_less_than_three_hundredths_of_the_quota(int seed)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("SPEECHSTREAM_LONG") == "1", "Takes minutes: set SPEECHSTREAM_LONG=1.");
        await using var simulation = new FleetSimulation(seed);
        var time = await simulation.RunAsync(TimeSpan.FromHours(1000));

        var (queueEnded, heard) = simulation.QueueEnded!.Value;
        var share = heard / (queueEnded * FleetSimulation.Quota);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{simulation.Lengths.Count} recordings, {simulation.Heard.TotalHours:0.0} h; {share:P2} of the quota until the queue was empty after {queueEnded}, all done after {time}; {simulation.Kills} kills; peak {simulation.Peak}"));
        share.Should().BeGreaterThanOrEqualTo(0.97);
        simulation.Peak.Should().BeLessThanOrEqualTo(FleetSimulation.Quota);
        simulation.Kills.Should().BePositive();
        (await simulation.Status.ReadAsync(default)).Should().BeEquivalentTo(new { Queued = 0, Running = 0, Poison = 0, Done = simulation.Lengths.Count });
        foreach (var (id, length) in simulation.Lengths)
        {
            var sentences = await simulation.Transcripts.ReadAsync(id, default);
            sentences.Select(sentence => sentence.Index).Should().Equal(Enumerable.Range(1, sentences.Count));
            sentences.Select(sentence => sentence.BeginTime).Should().Equal(sentences.Select((_, index) => index * FleetSimulation.Sentence));
            sentences[^1].Time.Should().Be(length);
        }
    }
}
