using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Tests.Addresses;

public sealed class AddressTests
{
    [Fact]
    public void An_address_of_PostgreSQL_has_several_hosts_and_escapes()
    {
        var address = DatabaseAddress.Parse("postgres://us%40er:p%2Fa%3As%40s%3F@db1:5433,[::1]:5434,db3/my%20base?sslmode=verify-full&application_name=a%26b");

        address.Hosts.Should().Equal(("db1", 5433), ("::1", 5434), ("db3", 5432));
        (address.User, address.Password, address.Database).Should().Be(("us@er", "p/a:s@s?", "my base"));
        address.Parameters.Should().Contain("sslmode", "verify-full").And.Contain("application_name", "a&b");
        address.ToString().Should().Be("postgres://us%40er@db1:5433,::1:5434,db3:5432/my%20base");
    }

    [Theory]
    [InlineData("postgresql://host/base", "host", null)]
    [InlineData("postgres://u:p@w@host/base", "host", "p@w")]
    [InlineData("POSTGRES://u:@host/base", "host", "")]
    [InlineData("postgres://u@%2Fvar%2Frun%2Fpostgresql/base", "/var/run/postgresql", null)]
    public void Other_forms_are_taken(string text, string host, string? password)
    {
        var address = DatabaseAddress.Parse(text);

        address.Hosts.Should().ContainSingle().Which.Host.Should().Be(host);
        (address.Password, address.Database).Should().Be((password, "base"));
    }

    [Theory]
    [InlineData("mysql://u:secret@host/base", "begins neither with sqlite: nor with postgres://*")]
    [InlineData("sqlite:", "names no file*")]
    [InlineData("postgres://u:secret@host", "names no database*")]
    [InlineData("postgres://u:secret@host:99999/base", "has a host without a name, or a port*")]
    [InlineData("postgres://u:secret@,host/base", "has a host without a name*")]
    [InlineData("postgres://u:se/cret@host/base", "has a / or ? in its user or password*")]
    [InlineData("postgres://u:secret@host/base?sslmode=maybe", "has the parameter sslmode*")]
    [InlineData("postgres://u:secret@host/base?password=secret", "has the parameter password*")]
    public void A_wrong_address_is_refused_without_its_password(string text, string expected) =>
        FluentActions.Invoking(() => FleetDatabase.Open(text, TimeProvider.System)).Should().Throw<ArgumentException>()
            .WithMessage($"The address of the fleet {expected}").Which.ToString().Should().NotContain("secret").And.NotContain("cret@");

    [Fact]
    public async Task What_a_database_that_is_away_throws_has_no_password()
    {
        await using var fleet = SpeechFleet.Open("postgres://user:secret@127.0.0.1:1,127.0.0.1:2/base");

        var thrown = await fleet.Invoking(fleet => fleet.StatusAsync()).Should().ThrowAsync<FleetException>();

        thrown.Which.IsTransient.Should().BeTrue();
        thrown.Which.ToString().Should().NotContain("secret").And.Contain("postgres://user@127.0.0.1:1,127.0.0.1:2/base");
    }

    [Fact]
    public async Task Only_who_sets_a_fleet_up_makes_its_file()
    {
        var folder = Directory.CreateTempSubdirectory("speechstream-address-");
        var file = Path.Combine(folder.FullName, "fleet.db");
        await using (var fleet = SpeechFleet.Open($"sqlite:{file}"))
        {
            (await fleet.Invoking(fleet => fleet.StatusAsync()).Should().ThrowAsync<FleetException>()).WithMessage($"There is no fleet at sqlite:{file}. Set it up once*");
            File.Exists(file).Should().BeFalse("somebody is in the wrong folder");
            await fleet.InitializeAsync(new FleetSettings { Quota = 1 });
            (await fleet.StatusAsync()).Quota.Should().Be(1);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_can_be_no_file_is_told_by_its_name()
    {
        var root = Path.GetPathRoot(Path.GetFullPath("."));
        await using var fleet = SpeechFleet.Open($"sqlite:{root}");

        await fleet.Invoking(fleet => fleet.InitializeAsync(new FleetSettings())).Should().ThrowAsync<FleetException>().WithMessage($"The database of the fleet at sqlite:{root} can't be made*");
    }

    [Theory]
    [InlineData(DriveType.Network, "ext4", true)]
    [InlineData(DriveType.Unknown, "nfs4", true)]
    [InlineData(DriveType.Fixed, "fuse.sshfs", true)]
    [InlineData(DriveType.Unknown, "9p", true)]
    [InlineData(DriveType.Fixed, "ext4", false)]
    [InlineData(DriveType.Unknown, "overlay", false)]
    [InlineData(DriveType.Ram, "tmpfs", false)]
    public void Network_file_systems_are_recognized(DriveType type, string format, bool expected) => NetworkFileSystem.Is(type, format).Should().Be(expected);

    [Fact]
    public async Task A_folder_that_is_missing_is_told()
    {
        await using var fleet = SpeechFleet.Open($"sqlite:{Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "fleet.db")}");

        await fleet.Invoking(fleet => fleet.InitializeAsync(new FleetSettings())).Should().ThrowAsync<FleetException>().WithMessage("*unable to open database file*Give a file in a folder that is there*");
    }
}
