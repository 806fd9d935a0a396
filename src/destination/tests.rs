mod handed;
mod written;
