"""What residents will see change from one state of a site to another, in sentences for the writer."""
