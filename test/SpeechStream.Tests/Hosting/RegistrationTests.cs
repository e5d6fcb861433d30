using Microsoft.Extensions.DependencyInjection;

namespace SpeechStream.Tests.Hosting;

public sealed class RegistrationTests
{
    [Fact]
    public void A_container_makes_one_client()
    {
        using var registered = new Registered().Add();

        registered.Client.Should().BeSameAs(registered.Client);
    }

    [Fact]
    public void Named_clients_coexist_with_the_unnamed_one()
    {
        using var registered = new Registered().Add();
        registered.Services.AddSpeechStream("calls", options => (options.AppKey, options.Credential) = ("calls-key", SpeechCredential.FromToken("t")));
        registered.Services.AddSpeechStream("meetings", registered.Section, options => options.AppKey = "meetings-key");

        registered.Options.AppKey.Should().Be("app-key");
        registered.Provider.GetRequiredKeyedService<SpeechStreamClient>("calls").Context.Options.AppKey.Should().Be("calls-key");
        registered.Provider.GetRequiredKeyedService<SpeechStreamClient>("meetings").Context.Options.AppKey.Should().Be("meetings-key");
    }

    [Fact]
    public void Options_from_code_only_make_a_client()
    {
        using var provider = new ServiceCollection()
            .AddSpeechStream(options => (options.AppKey, options.Credential) = ("app-key", SpeechCredential.FromToken("t")))
            .BuildServiceProvider();

        provider.GetRequiredService<SpeechStreamClient>().Context.Options.AppKey.Should().Be("app-key");
    }

    [Fact]
    public void The_clock_comes_from_the_container()
    {
        var clock = new ManualTimeProvider();
        using var registered = new Registered().Add();
        registered.Services.AddSingleton<TimeProvider>(clock);

        registered.Options.TimeProvider.Should().BeSameAs(clock);
    }

    [Fact]
    public void The_log_comes_from_the_container()
    {
        using var registered = new Registered().Add();

        registered.Client.CreateSession().Dispose();

        registered.Log.Entries.Should().ContainSingle().Which.Text.Should().Contain("aborted by its owner");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_container_disposes_the_client_in_both_ways(bool synchronously)
    {
        var registered = new Registered().Add();
        var client = registered.Client;
        var session = client.CreateSession();

        if (synchronously)
        {
            registered.Provider.Dispose();
        }
        else
        {
            await registered.Provider.DisposeAsync();
        }

        client.Invoking(c => c.CreateSession()).Should().Throw<ObjectDisposedException>();
        (await session.Completion).Error.Should().BeOfType<ObjectDisposedException>();
    }
}
